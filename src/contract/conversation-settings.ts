import { z } from 'zod'
import { ErrorNotice } from './errors.ts'
import { ConnectionId, ModelId, NanoUsd } from './ids.ts'
import { KeyOrigin, Provider, SettingOrigin, ThinkingLevel, WebSearch } from './models.ts'
import { ModelParameters } from './workspaces.ts'

/** What a conversation can set for itself. Null goes back to what it would be without. */
export const ConversationChoices = ModelParameters.pick({ temperature: true, maxTokens: true, topP: true }).extend({
  systemPrompt: z.string().max(100_000).nullable(),
  thinking: ThinkingLevel.nullable(),
  webSearch: WebSearch.nullable(),
})
export type ConversationChoices = z.infer<typeof ConversationChoices>

const setting = <Value extends z.ZodType>(value: Value) => z.object({ value, origin: SettingOrigin }).nullable()
/** Each with where it comes from. Null: nobody set it, and it is not sent. */
const Settings = z.object({
  systemPrompt: setting(z.string()),
  temperature: setting(z.number()),
  maxTokens: setting(z.number().int()),
  topP: setting(z.number()),
  /** Null too where the model cannot be told. */
  thinking: setting(ThinkingLevel),
  /** What is used, as far as it is there. */
  webSearch: setting(WebSearch),
})

export const ConversationSettings = z.object({
  /** What the next turn runs with. */
  effective: Settings,
  /** What it would be if the conversation set nothing. */
  inherited: Settings,
  /** What it has cost so far, its titles and summaries included. `isAtLeast`: some calls had no known price. */
  spent: z.object({ costNanoUsd: NanoUsd, isAtLeast: z.boolean() }),
  /** What the model can be told. Empty: nothing. */
  thinkingLevels: z.array(ThinkingLevel),
  /** What can search the web here. Empty: nothing. */
  searches: z.array(WebSearch.exclude(['off'])),
  model: z.object({ id: ModelId, name: z.string(), provider: Provider, origin: SettingOrigin }).nullable(),
  key: z.object({ connectionId: ConnectionId, name: z.string(), origin: KeyOrigin }).nullable(),
  /** Why no model can answer now; then what is inherited is not known either. */
  problem: ErrorNotice.nullable(),
})
export type ConversationSettings = z.infer<typeof ConversationSettings>
