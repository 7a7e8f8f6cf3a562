import { useQueryClient } from '@tanstack/react-query'
import { CircleAlert, ImagePlus } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import type { Agent } from '../../../contract/agents.ts'
import { api, query } from '../../api.ts'
import { toApiError } from '../../errors.ts'
import { Button } from '../../ui/button.tsx'
import { AgentPicture } from './agent-picture.tsx'
import { base64Of, PictureError, squarePicture } from './square-picture.ts'
import { a } from './strings.ts'

/** Of an agent that there is: chosen, looked at, kept or not. Apart from the form's own values, since it is no part of a version. */
export function PictureField({ agent }: { agent: Agent }) {
  const { id, pictureUrl } = agent
  const client = useQueryClient()
  const field = useRef<HTMLInputElement>(null)
  const choose = useRef<HTMLButtonElement>(null)
  const wordsId = useId()
  const [chosen, setChosen] = useState<{ blob: Blob; url: string } | null>(null)
  const [problem, setProblem] = useState('')
  const [isPending, setIsPending] = useState(false)
  useEffect(() => () => void (chosen && URL.revokeObjectURL(chosen.url)), [chosen])

  function done() {
    setChosen(null)
    // The button that was pressed is gone.
    choose.current?.focus()
  }

  async function attempt(work: () => Promise<Agent | undefined>) {
    setIsPending(true)
    setProblem('')
    try {
      const saved = await work()
      if (saved) {
        client.setQueryData(query.agents.get.queryKey({ input: { id } }), saved)
        void client.invalidateQueries({ queryKey: query.agents.list.key() })
        done()
      }
    } catch (error) {
      const { message, action } = error instanceof PictureError ? { message: error.message, action: '' } : toApiError(error)
      setProblem([message, action].filter(Boolean).join(' '))
    } finally {
      setIsPending(false)
    }
  }
  const look = (file: File) =>
    attempt(async () => {
      setChosen(null)
      const blob = await squarePicture(file)
      setChosen({ blob, url: URL.createObjectURL(blob) })
      return undefined
    })
  const keep = ({ blob }: { blob: Blob }) => attempt(async () => api.agents.setPicture({ id, base64: await base64Of(blob) }))

  return (
    <div className="agent-picture-field" role="group" aria-label={a('picture')} aria-describedby={wordsId}>
      {chosen && <AgentPicture agent={{ ...agent, pictureUrl: chosen.url }} size="l" />}
      <div className="agent-picture-buttons">
        <Button
          ref={choose}
          icon={ImagePlus}
          size="s"
          isPending={isPending && !chosen}
          aria-describedby={wordsId}
          onClick={() => field.current?.click()}
        >
          {a(pictureUrl || chosen ? 'picture.other' : 'picture.choose')}
        </Button>
        {chosen ? (
          <>
            <Button size="s" variant="primary" isPending={isPending} onClick={() => void keep(chosen)}>
              {a('picture.keep')}
            </Button>
            <Button size="s" variant="quiet" onClick={done}>
              {a('picture.cancel')}
            </Button>
          </>
        ) : (
          pictureUrl && (
            <Button size="s" variant="quiet" isPending={isPending} onClick={() => void attempt(() => api.agents.removePicture({ id }))}>
              {a('picture.remove')}
            </Button>
          )
        )}
      </div>
      <input
        ref={field}
        type="file"
        hidden
        accept="image/*"
        aria-label={a('picture.choose')}
        onChange={({ target }) => {
          const file = target.files?.[0]
          // So that the same file can be chosen again.
          target.value = ''
          if (file) void look(file)
        }}
      />
      <p id={wordsId} className={problem ? 'field-error' : 'field-help'} role={problem ? 'alert' : undefined}>
        {problem && <CircleAlert size={14} strokeWidth={2} aria-hidden />}
        {problem || a(chosen ? 'picture.preview' : 'picture.help')}
      </p>
    </div>
  )
}
