import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Bot } from '../../../../contract/bots.ts'
import type { Page } from '../../../../contract/pages.ts'
import { query } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import '../../../ui/marks.css'
import { showError, showToast } from '../../../ui/toast.tsx'
import { useChangeBot } from './bot-queries.ts'
import { b } from './strings.ts'

interface Props {
  page: Page
  bot: Bot
  /** Leads to the questions that are open. */
  onUnanswered: () => void
}

/** Whether anybody is there to answer, and the switch for it. */
export function BotState({ page, bot, onUnanswered }: Props) {
  const change = useChangeBot(page.id)
  const [isPending, setPending] = useState(false)
  const unanswered = useQuery(query.bots.listUnanswered.queryOptions({ input: { pageId: page.id }, staleTime: 10_000 }))
  const reason = useId()
  const { isEnabled } = bot
  const text = isEnabled ? (page.isPublished ? 'state.on.text' : 'state.on.unpublished') : 'state.off.text'

  async function toggle() {
    setPending(true)
    try {
      await change({ isEnabled: !isEnabled })
      showToast({ title: b(isEnabled ? 'state.disabled' : 'state.enabled') })
    } catch (error) {
      showError(error, b('state.failed'))
    } finally {
      setPending(false)
    }
  }

  return (
    <section className="publish" aria-label={b('state.title')}>
      <div className="publish-state">
        <div className="publish-words">
          <span className="status" data-tone={isEnabled ? 'success' : 'plain'}>
            {b(isEnabled ? 'state.on' : 'state.off')}
          </span>
          <p className="field-help">{b(text)}</p>
          {page.may.update && !page.may.share && (
            <p className="field-help" id={reason}>
              {b('state.share')}
            </p>
          )}
          {unanswered.data && unanswered.data.length > 0 && (
            <button type="button" className="bot-open-questions" onClick={onUnanswered}>
              {b('state.unanswered', { count: unanswered.data.length })}
            </button>
          )}
        </div>
        {page.may.update && (
          <Button
            variant={isEnabled ? 'secondary' : 'primary'}
            isPending={isPending}
            aria-disabled={!page.may.share || undefined}
            aria-describedby={page.may.share ? undefined : reason}
            onClick={() => void toggle()}
          >
            {b(isEnabled ? 'state.disable' : 'state.enable')}
          </Button>
        )}
      </div>
    </section>
  )
}
