import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import type { Page } from '../../../../contract/pages.ts'
import { query } from '../../../api.ts'
import { FormSkeleton } from '../../../ui/skeleton.tsx'
import { ErrorState } from '../../../ui/states.tsx'
import { BotLimits } from './bot-limits.tsx'
import { BotState } from './bot-state.tsx'
import { BotWords } from './bot-words.tsx'
import './bot.css'
import { QuickActionList } from './quick-action-list.tsx'
import { UnansweredList } from './unanswered-list.tsx'
import { WidgetSection } from './widget-section.tsx'

/** What answers the visitors of a page: what it says, how much it may, where else it appears, and what it did not know. */
export function BotEditor({ page }: { page: Page }) {
  // What was answered today is news.
  const bot = useQuery(query.bots.get.queryOptions({ input: { pageId: page.id }, staleTime: 10_000 }))
  const unanswered = useRef<HTMLDivElement>(null)

  if (bot.isPending) return <FormSkeleton fields={6} />
  if (!bot.data) return <ErrorState error={bot.error} onRetry={() => void bot.refetch()} />
  return (
    <>
      <BotState page={page} bot={bot.data} onUnanswered={() => unanswered.current?.focus()} />
      <BotWords page={page} bot={bot.data} />
      <QuickActionList bot={bot.data} mayChange={page.may.update} />
      <BotLimits page={page} bot={bot.data} />
      <WidgetSection page={page} bot={bot.data} />
      <div ref={unanswered} className="bot-unanswered" tabIndex={-1}>
        <UnansweredList pageId={page.id} mayChange={page.may.update} onRowGone={() => unanswered.current?.focus()} />
      </div>
    </>
  )
}
