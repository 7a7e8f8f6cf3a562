import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ArrowLeft, Copy, FileDown, History, Trash2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { PromptId } from '../../../contract/ids.ts'
import type { Prompt } from '../../../contract/prompts.ts'
import { api, query } from '../../api.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { LibraryPage } from '../../ui/library.tsx'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState, Notice } from '../../ui/states.tsx'
import { showError } from '../../ui/toast.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { savePromptAsMarkdown } from './prompt-file.ts'
import { PromptDerived } from './prompt-derived.tsx'
import { PromptForm } from './prompt-form.tsx'
import { p } from './strings.ts'
import { useDeletePrompt } from './use-delete-prompt.ts'
import './prompts.css'

const PromptHistory = lazy(() => import('./prompt-history.tsx').then((module) => ({ default: module.PromptHistory })))

/** One prompt, or the one that is about to be. */
export function PromptScreen() {
  const { promptId } = useParams({ from: '/app/conversations/prompts/$promptId' })
  const navigate = useNavigate()
  return (
    <>
      <ScreenBar
        title={p(promptId === 'new' ? 'new' : 'edit')}
        actions={
          <Button size="s" variant="quiet" icon={ArrowLeft} onClick={() => void navigate({ to: '/prompts' })}>
            {p('all')}
          </Button>
        }
      />
      <LibraryPage>{promptId === 'new' ? <NewPrompt /> : <LoadedPrompt key={promptId} id={promptId as PromptId} />}</LibraryPage>
    </>
  )
}

const empty = { name: '', content: '', visibility: 'own' } as const

function NewPrompt() {
  const { id: workspaceId } = useWorkspace()
  const navigate = useNavigate()
  const client = useQueryClient()
  return (
    <PromptForm
      initial={empty}
      draftKey={`prompt new ${workspaceId}`}
      label={p('editor.create')}
      submit={async (fields) => {
        const made = await api.prompts.create({ workspaceId, ...fields })
        client.setQueryData(query.prompts.get.queryKey({ input: { id: made.id } }), made)
        void client.invalidateQueries({ queryKey: query.prompts.list.key() })
        await navigate({ to: '/prompts/$promptId', params: { promptId: made.id }, replace: true })
      }}
    />
  )
}

function LoadedPrompt({ id }: { id: PromptId }) {
  const prompt = useQuery(query.prompts.get.queryOptions({ input: { id } }))
  if (prompt.data) return prompt.data.isMine ? <OwnPrompt prompt={prompt.data} /> : <SharedPrompt prompt={prompt.data} />
  if (prompt.error) return <ErrorState error={prompt.error} onRetry={() => void prompt.refetch()} />
  return <Skeleton width="100%" height="24rem" />
}

function OwnPrompt({ prompt }: { prompt: Prompt }) {
  const { id, name, content, visibility, version, isVersionUsed } = prompt
  const client = useQueryClient()
  const navigate = useNavigate()
  const remove = useDeletePrompt()
  const [isHistoryOpen, setHistoryOpen] = useState(false)
  return (
    <PromptForm
      initial={{ name, content, visibility }}
      draftKey={`prompt ${id}`}
      submit={async (fields) => {
        client.setQueryData(query.prompts.get.queryKey({ input: { id } }), await api.prompts.update({ id, ...fields }))
        void client.invalidateQueries({ queryKey: query.prompts.list.key() })
      }}
      note={isVersionUsed ? p('editor.version.used', { version, next: version + 1 }) : p('editor.version', { version })}
    >
      <Button size="s" variant="quiet" icon={History} onClick={() => setHistoryOpen(true)}>
        {p('history.open')}
      </Button>
      {isHistoryOpen && (
        <Suspense>
          <PromptHistory prompt={prompt} onClose={() => setHistoryOpen(false)} />
        </Suspense>
      )}
      <IconButton icon={FileDown} label={p('export.markdown')} onClick={() => savePromptAsMarkdown(prompt)} />
      <IconButton
        icon={Trash2}
        label={p('delete')}
        className="prompt-delete"
        onClick={() => {
          void remove(prompt)
          void navigate({ to: '/prompts' })
        }}
      />
    </PromptForm>
  )
}

function SharedPrompt({ prompt }: { prompt: Prompt }) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const { name, content } = prompt
  const copy = async () => {
    try {
      const made = await api.prompts.create({ workspaceId: workspace.id, name, content })
      await navigate({ to: '/prompts/$promptId', params: { promptId: made.id } })
    } catch (error) {
      showError(error, p('editor.copy.failed'))
    }
  }
  return (
    <div className="form">
      <h2 className="prompts-row-name">{name}</h2>
      <Notice
        action={
          <Button size="s" icon={Copy} onClick={() => void copy()}>
            {p('editor.copy')}
          </Button>
        }
      >
        {p('editor.read_only', { name: workspace.name })}
      </Notice>
      <PromptDerived content={content} />
      <p>
        <Link to="/prompts">{p('all')}</Link>
      </p>
    </div>
  )
}
