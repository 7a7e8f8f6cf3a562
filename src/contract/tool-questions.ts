import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { Instant, McpServerId, ToolQuestionId } from './ids.ts'

const named = { name: z.string(), title: z.string(), description: z.string().nullable(), isRequired: z.boolean() }
const bound = z.number().nullable()
const Options = z.array(z.object({ value: z.string(), label: z.string() }))

/** What a tool's server may ask for: flat values of these kinds and no others. */
export const QuestionField = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('text'),
    ...named,
    format: z.enum(['email', 'uri', 'date', 'date-time']).nullable(),
    minLength: bound,
    maxLength: bound,
    default: z.string().nullable(),
  }),
  z.object({ type: z.literal('number'), ...named, isWhole: z.boolean(), minimum: bound, maximum: bound, default: z.number().nullable() }),
  z.object({ type: z.literal('boolean'), ...named, default: z.boolean().nullable() }),
  z.object({ type: z.literal('choice'), ...named, options: Options, default: z.string().nullable() }),
  z.object({
    type: z.literal('choices'),
    ...named,
    options: Options,
    minItems: bound,
    maxItems: bound,
    default: z.array(z.string()).nullable(),
  }),
])
export type QuestionField = z.infer<typeof QuestionField>

const asked = {
  /** Which tool server asks, as the workspace calls it. */
  source: z.string(),
}

/**
 * form: fields to fill in · url: an address to open, outside of this conversation · connect: the person's own sign-in or headers are missing, or their sign-in
 * does not reach as far as `scope` ·
 * sampling: leave to ask the turn's model something, at the workspace's cost; `answer` is what the model said.
 */
export const QuestionBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('form'), ...asked, message: z.string(), fields: z.array(QuestionField) }),
  z.object({ kind: z.literal('url'), ...asked, message: z.string(), url: z.string(), host: z.string() }),
  z.object({
    kind: z.literal('connect'),
    ...asked,
    serverId: McpServerId,
    how: z.enum(['sign-in', 'headers']),
    scope: z.string().nullable(),
  }),
  z.object({ kind: z.literal('sampling'), ...asked, text: z.string(), maxTokens: z.number().int(), answer: z.string().nullable() }),
])
export type QuestionBody = z.infer<typeof QuestionBody>

/** expired: nobody answered in time. cancelled: the person left it unanswered, or the call ended. */
export const QuestionState = z.enum(['asked', 'accepted', 'declined', 'cancelled', 'expired'])
export type QuestionState = z.infer<typeof QuestionState>

/** What a tool asks whoever's turn it is while it runs. What was filled in goes to the tool alone and is never returned. */
export const ToolQuestion = z.object({ id: ToolQuestionId, state: QuestionState, expiresAt: Instant, body: QuestionBody })
export type ToolQuestion = z.infer<typeof ToolQuestion>

export const AnswerValue = z.union([z.string().max(10_000), z.number(), z.boolean(), z.array(z.string().max(1_000)).max(500)])
export const AnswerValues = z.record(z.string().max(200), AnswerValue)
export type AnswerValues = z.infer<typeof AnswerValues>

export const toolQuestions = {
  /** Once, by whoever's turn it is, while the call runs. `values` goes with `accept` of a form. */
  answer: endpoint
    .route({ method: 'POST', path: '/tool-questions/{id}/answer' })
    .meta({ access: { resource: 'turn', action: 'decide', whose: 'owner' } })
    .input(
      z.strictObject({
        id: ToolQuestionId,
        action: z.enum(['accept', 'decline', 'cancel']),
        values: AnswerValues.refine((values) => Object.keys(values).length <= 100, 'at most 100').default({}),
      }),
    )
    .output(ToolQuestion)
    .errors(errors('tool-question.not_found', 'tool-question.answered', 'tool-question.ended')),
}

const formats: Record<NonNullable<Extract<QuestionField, { type: 'text' }>['format']>, z.ZodType> = {
  email: z.email(),
  uri: z.url(),
  date: z.iso.date(),
  'date-time': z.iso.datetime({ offset: true, local: true }),
}

/** What is wrong with a field's value; null where nothing is. The words end a sentence that begins with the field. */
export function problemOfValue(field: QuestionField, value: z.infer<typeof AnswerValue> | undefined): string | null {
  if (value === undefined) return field.isRequired ? 'is needed' : null
  switch (field.type) {
    case 'text':
      if (typeof value !== 'string') return 'is no text'
      if (field.isRequired && value === '') return 'is needed'
      if (field.minLength !== null && value.length < field.minLength) return `needs at least ${field.minLength} characters`
      if (field.maxLength !== null && value.length > field.maxLength) return `may have ${field.maxLength} characters`
      return field.format === null || formats[field.format].safeParse(value).success ? null : `is no ${formatNames[field.format]}`
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'is no number'
      if (field.isWhole && !Number.isInteger(value)) return 'must be a whole number'
      if (field.minimum !== null && value < field.minimum) return `must be at least ${field.minimum}`
      return field.maximum !== null && value > field.maximum ? `must be at most ${field.maximum}` : null
    case 'boolean':
      return typeof value === 'boolean' ? null : 'is neither yes nor no'
    case 'choice':
      return field.options.some((option) => option.value === value) ? null : 'is none of the choices'
    case 'choices': {
      if (!Array.isArray(value) || new Set(value).size < value.length) return 'is no choice'
      if (!value.every((one) => field.options.some((option) => option.value === one))) return 'is none of the choices'
      if (field.minItems !== null && value.length < field.minItems) return `needs at least ${field.minItems} choices`
      return field.maxItems !== null && value.length > field.maxItems ? `may have ${field.maxItems} choices` : null
    }
  }
}

const formatNames = { email: 'e-mail address', uri: 'address', date: 'date', 'date-time': 'date with a time' } as const
