import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { AgentId, Instant, PageId, UnansweredId } from './ids.ts'
import { botLimits, botTools } from './page-choices.ts'

export const BotTool = z.enum(botTools)
export type BotTool = z.infer<typeof BotTool>

const label = z.string().trim().min(1).max(60)

/** A button below the greeting: it shows what a tool knows, without a model, or says something in the visitor's place. */
export const QuickAction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tool'), label, tool: BotTool }),
  z.strictObject({ kind: z.literal('question'), label, text: z.string().trim().min(1).max(500) }),
])
export type QuickAction = z.infer<typeof QuickAction>

/** What answers the visitors of a page. */
export const Bot = z.object({
  pageId: PageId,
  isEnabled: z.boolean(),
  greeting: z.string(),
  /** Who answers. Null: the model, as the workspace has it. */
  agentId: AgentId.nullable(),
  enabledTools: z.array(BotTool),
  quickActions: z.array(QuickAction),
  /** Messages a day (UTC) that a model answers: to one visitor, and to all. */
  visitorDailyLimit: z.number().int(),
  dailyLimit: z.number().int(),
  /** After so long without a word a visit ends. */
  visitMinutes: z.number().int(),
  /** Other sites that may show the bot as a widget. */
  allowedOrigins: z.array(z.string()),
  /** Messages that a model answered today. */
  answersToday: z.number().int(),
  updatedAt: Instant,
})
export type Bot = z.infer<typeof Bot>

/** The site of a widget as a browser names it: scheme, host, and port where it is not the usual one. */
export const Origin = z
  .url({ protocol: /^https?$/, error: 'an address such as https://example.org' })
  .max(300)
  .refine((text) => URL.canParse(text) && new URL(text).origin === text.toLowerCase().replace(/\/$/, ''), 'only scheme, host and port')
  .transform((text) => new URL(text).origin)

/** A question that got no answer. Asked again in the same words it is counted, not listed again. */
export const Unanswered = z.object({
  id: UnansweredId,
  question: z.string(),
  /** unknown: the bot said that it does not know · failed: no answer came about. */
  reason: z.enum(['unknown', 'failed']),
  timesAsked: z.number().int(),
  lastAskedAt: Instant,
})
export type Unanswered = z.infer<typeof Unanswered>

const byPage = { pageId: PageId }
const access = (action: 'read' | 'update') => ({ access: { resource: 'page', action, whose: 'workspace' } }) as const

export const bots = {
  get: endpoint
    .route({ method: 'GET', path: '/pages/{pageId}/bot' })
    .meta(access('read'))
    .input(z.strictObject(byPage))
    .output(Bot)
    .errors(errors('page.not_found')),

  /** `isEnabled`, the limits and `allowedOrigins` need the policy `page:share`: they decide what strangers may do, and what it may cost. */
  update: endpoint
    .route({ method: 'PATCH', path: '/pages/{pageId}/bot' })
    .meta(access('update'))
    .input(
      z.strictObject({
        ...byPage,
        isEnabled: z.boolean().optional(),
        greeting: z.string().trim().min(1).max(500).optional(),
        agentId: AgentId.nullable().optional(),
        enabledTools: z.array(BotTool).max(botTools.length).optional(),
        quickActions: z.array(QuickAction).max(botLimits.quickActions).optional(),
        visitorDailyLimit: z.number().int().min(0).max(10_000).optional(),
        dailyLimit: z.number().int().min(0).max(1_000_000).optional(),
        visitMinutes: z.number().int().min(5).max(1_440).optional(),
        allowedOrigins: z.array(Origin).max(botLimits.origins).optional(),
      }),
    )
    .output(Bot)
    .errors(errors('page.not_found', 'agent.not_found')),

  /** Newest first. */
  listUnanswered: endpoint
    .route({ method: 'GET', path: '/pages/{pageId}/unanswered' })
    .meta(access('read'))
    .input(z.strictObject(byPage))
    .output(z.array(Unanswered))
    .errors(errors('page.not_found')),

  /** Takes a question off the list. */
  dismissUnanswered: endpoint
    .route({ method: 'DELETE', path: '/pages/{pageId}/unanswered/{unansweredId}' })
    .meta(access('update'))
    .input(z.strictObject({ ...byPage, unansweredId: UnansweredId }))
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('page.not_found', 'unanswered.not_found')),
}
