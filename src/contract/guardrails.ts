import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import {
  canRedact,
  guardrailActions,
  guardrailKinds,
  guardrailLimits as limits,
  guardrailPlaces,
  personalDataKinds,
} from './guardrail-choices.ts'
import { GuardrailId, Instant, ModelId, WorkspaceId } from './ids.ts'

/** A JavaScript expression with the flag `u`; which letters are capital is said beside it. */
const Expression = z
  .string()
  .min(1)
  .max(limits.expression)
  .refine((source) => {
    try {
      return new RegExp(source, 'u') instanceof RegExp
    } catch {
      return false
    }
  }, 'is not a regular expression')

const Pattern = z.strictObject({
  kind: z.literal('pattern'),
  /** Each a word or several, found as whole words. */
  words: z.array(z.string().trim().min(1).max(limits.word)).max(limits.words).default([]),
  /** In an answer that is being written a passage of at most 500 characters is found. */
  expressions: z.array(Expression).max(limits.expressions).default([]),
  isCaseSensitive: z.boolean().default(false),
})
const PersonalData = z.strictObject({
  kind: z.literal('personal_data'),
  finds: z.array(z.enum(personalDataKinds)).min(1).max(personalDataKinds.length),
})
const Length = z.strictObject({
  kind: z.literal('length'),
  max: z.number().int().min(1).max(10_000_000),
  unit: z.enum(['characters', 'tokens']).default('characters'),
})
const Topics = z.strictObject({
  kind: z.literal('topics'),
  topics: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(limits.topic),
        /** What somebody would say who speaks of it. In English: the built-in embeddings know no other language. */
        examples: z.array(z.string().trim().min(1).max(limits.example)).min(1).max(limits.examples),
      }),
    )
    .min(1)
    .max(limits.topics),
  /** How near a passage must be to an example, from 0 to 1. */
  threshold: z.number().min(0.1).max(0.99).default(0.55),
})
const Judge = z.strictObject({
  kind: z.literal('judge'),
  modelId: ModelId,
  /** What is asked about each text; yes means that the rule holds against it. */
  question: z.string().trim().min(1).max(limits.question),
  timeoutSeconds: z.number().int().min(1).max(limits.timeoutSeconds).default(15),
})
export const GuardrailConfiguration = z.discriminatedUnion('kind', [Pattern, PersonalData, Length, Topics, Judge])
export type GuardrailConfiguration = z.infer<typeof GuardrailConfiguration>

const isSomething = (given: GuardrailConfiguration) => given.kind !== 'pattern' || given.words.length + given.expressions.length > 0
const something = 'needs a word or an expression'

const Place = z.enum(guardrailPlaces)
const Action = z.enum(guardrailActions)

/** What everybody in the workspace may know of it. */
export const GuardrailSummary = z.object({
  id: GuardrailId,
  workspaceId: WorkspaceId,
  name: z.string(),
  kind: z.enum(guardrailKinds),
  places: z.array(Place),
  action: Action,
  appliesTo: z.enum(['everything', 'agents']),
  isEnabled: z.boolean(),
  updatedAt: Instant,
})
export type GuardrailSummary = z.infer<typeof GuardrailSummary>

export const Guardrail = GuardrailSummary.extend({
  configuration: GuardrailConfiguration,
  ifFails: z.enum(['closed', 'open']),
  message: z.string(),
  createdAt: Instant,
})
export type Guardrail = z.infer<typeof Guardrail>

export const GuardrailOutcome = z.enum(['blocked', 'redacted', 'warned', 'passed', 'failed'])
export type GuardrailOutcome = z.infer<typeof GuardrailOutcome>

/** What it did once; never the words that it found. */
export const GuardrailVerdict = z.object({
  id: z.uuid(),
  place: Place,
  step: z.number().int(),
  outcome: GuardrailOutcome,
  found: z.string(),
  createdAt: Instant,
})
export type GuardrailVerdict = z.infer<typeof GuardrailVerdict>

const fields = {
  name: z.string().trim().min(1).max(limits.name),
  places: z
    .array(Place)
    .min(1)
    .max(guardrailPlaces.length)
    .transform((places) => guardrailPlaces.filter((place) => places.includes(place))),
  action: Action,
  /** Of a check that could not be made: `closed` does what the rule does where it finds something. */
  ifFails: z.enum(['closed', 'open']),
  message: z.string().trim().max(limits.message),
  appliesTo: z.enum(['everything', 'agents']),
  isEnabled: z.boolean(),
}

const byId = z.strictObject({ id: GuardrailId })
const access = (action: 'read' | 'create' | 'update' | 'delete' | 'test') =>
  ({ access: { resource: 'guardrail', action, whose: 'workspace' } }) as const

/** Rules about what models are given and what they answer. */
export const guardrails = {
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/guardrails' })
    .meta(access('read'))
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.array(GuardrailSummary))
    .errors(errors('workspace.not_found')),

  create: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/guardrails', successStatus: 201 })
    .meta(access('create'))
    .input(
      z
        .strictObject({
          ...fields,
          workspaceId: WorkspaceId,
          configuration: GuardrailConfiguration.refine(isSomething, something),
          /** Left out: closed, unless it only warns. */
          ifFails: fields.ifFails.optional(),
          message: fields.message.default(''),
          appliesTo: fields.appliesTo.default('everything'),
          isEnabled: fields.isEnabled.default(true),
        })
        .refine(({ action, configuration }) => action !== 'redact' || canRedact(configuration.kind), {
          path: ['action'],
          message: 'cannot redact: it does not know which words it is about',
        }),
    )
    .output(Guardrail)
    .errors(errors('workspace.not_found', 'guardrail.too_many', 'model.not_found')),

  get: endpoint
    .route({ method: 'GET', path: '/guardrails/{id}' })
    .meta(access('update'))
    .input(byId)
    .output(Guardrail)
    .errors(errors('guardrail.not_found')),

  /** What is left out stays. Holds from the next turn on, and for what is being written from its next check on. The kind stays as it is. */
  update: endpoint
    .route({ method: 'PATCH', path: '/guardrails/{id}' })
    .meta(access('update'))
    .input(
      z.strictObject({
        id: GuardrailId,
        configuration: GuardrailConfiguration.refine(isSomething, something).optional(),
        name: fields.name.optional(),
        places: fields.places.optional(),
        action: fields.action.optional(),
        ifFails: fields.ifFails.optional(),
        message: fields.message.optional(),
        appliesTo: fields.appliesTo.optional(),
        isEnabled: fields.isEnabled.optional(),
      }),
    )
    .output(Guardrail)
    .errors(errors('guardrail.not_found', 'guardrail.kind_fixed', 'guardrail.cannot_redact', 'model.not_found')),

  delete: endpoint
    .route({ method: 'DELETE', path: '/guardrails/{id}' })
    .meta(access('delete'))
    .input(byId)
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('guardrail.not_found')),

  /** What a rule would find in a text, saved or not. A judge is asked, which costs what it costs. */
  test: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/guardrails/test' })
    .meta(access('test'))
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        configuration: GuardrailConfiguration.refine(isSomething, something),
        text: z.string().min(1).max(limits.tried),
      }),
    )
    .output(
      z.object({
        outcome: z.enum(['found', 'passed', 'failed']),
        found: z.string(),
        /** What a judge says for itself; null of other rules. */
        reason: z.string().nullable(),
        /** With what was found hidden; null where the rule does not know which words it is about. */
        redacted: z.string().nullable(),
        durationMs: z.number().int(),
      }),
    )
    .errors(errors('workspace.not_found', 'model.not_found')),

  /** What it did in the last 30 days: how often, and the last times. */
  verdicts: endpoint
    .route({ method: 'GET', path: '/guardrails/{id}/verdicts' })
    .meta(access('update'))
    .input(byId)
    .output(z.object({ counts: z.record(GuardrailOutcome, z.number().int()), verdicts: z.array(GuardrailVerdict) }))
    .errors(errors('guardrail.not_found')),
}
