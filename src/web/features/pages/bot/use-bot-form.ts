import type { Bot, BotTool } from '../../../../contract/bots.ts'
import { type FormState, useForm } from '../../../ui/form.tsx'
import { type BotChange, useChangeBot } from './bot-queries.ts'
import { b } from './strings.ts'

interface BotValues {
  greeting: string
  agentId: Bot['agentId']
  enabledTools: BotTool[]
}

export function useBotForm(bot: Bot): FormState<BotValues> {
  const change = useChangeBot(bot.pageId)
  return useForm<BotValues>({
    draftKey: `bot ${bot.pageId}`,
    initial: {
      greeting: bot.greeting,
      agentId: bot.agentId,
      enabledTools: bot.enabledTools,
    },
    check: ({ greeting }) => (greeting.trim() === '' ? { greeting: b('greeting.missing') } : {}),
    submit: ({ greeting, ...rest }) => change(changesOf(bot, { ...rest, greeting: greeting.trim() })),
  })
}

/** What differs from what is stored: a field that this person may not send, or a model that they cannot use, is left alone. */
export function changesOf(bot: Bot, wanted: Partial<Bot>): BotChange {
  return Object.fromEntries(
    (Object.keys(wanted) as (keyof Bot)[])
      .filter((field) => JSON.stringify(wanted[field]) !== JSON.stringify(bot[field]))
      .map((field) => [field, wanted[field]]),
  )
}
