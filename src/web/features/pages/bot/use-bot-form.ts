import type { Bot, BotTool } from '../../../../contract/bots.ts'
import { type FormState, useForm } from '../../../ui/form.tsx'
import { parseParameter, rangeOf } from '../../workspaces/parameters.ts'
import { type BotChange, useChangeBot } from './bot-queries.ts'
import { ranges } from './ranges.ts'
import { b } from './strings.ts'

interface BotValues {
  greeting: string
  systemPrompt: string
  modelId: Bot['modelId']
  temperature: string
  enabledTools: BotTool[]
}

export function useBotForm(bot: Bot): FormState<BotValues> {
  const change = useChangeBot(bot.pageId)
  return useForm<BotValues>({
    draftKey: `bot ${bot.pageId}`,
    initial: {
      greeting: bot.greeting,
      systemPrompt: bot.systemPrompt ?? '',
      modelId: bot.modelId,
      temperature: bot.temperature === null ? '' : String(bot.temperature),
      enabledTools: bot.enabledTools,
    },
    check: ({ greeting, temperature }) => ({
      ...(greeting.trim() === '' && { greeting: b('greeting.missing') }),
      ...(parseParameter(ranges.temperature, temperature) === undefined && { temperature: rangeOf(ranges.temperature) }),
    }),
    submit: ({ greeting, systemPrompt, temperature, ...rest }) =>
      change(
        changesOf(bot, {
          ...rest,
          greeting: greeting.trim(),
          systemPrompt: systemPrompt.trim() || null,
          temperature: parseParameter(ranges.temperature, temperature) ?? null,
        }),
      ),
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
