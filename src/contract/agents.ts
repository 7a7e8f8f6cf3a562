import { z } from 'zod'
import { agentColors, agentLimits, agentRoleNames } from './agent-choices.ts'
import { endpoint, maxPageSize } from './endpoint.ts'
import { errors } from './errors.ts'
import { guardrailLimits } from './guardrail-choices.ts'
import { AgentId, ConnectionId, GuardrailId, Instant, ModelId, NanoUsd, PromptId, UserId, WorkspaceId } from './ids.ts'
import { ThinkingLevel, WebSearch } from './models.ts'
import { maxPromptLength } from './prompt-text.ts'

/** Null: as it would be without an agent. */
export const AgentParameters = z.strictObject({
  temperature: z.number().min(0).max(2).nullable(),
  maxTokens: z.number().int().min(1).max(10_000_000).nullable(),
  topP: z.number().min(0).max(1).nullable(),
  topK: z.number().int().min(1).max(1000).nullable(),
  thinking: ThinkingLevel.nullable(),
  webSearch: WebSearch.nullable(),
})
export type AgentParameters = z.infer<typeof AgentParameters>

const ToolName = z.string().regex(/^[\w-]{1,64}$/)

/** What an agent is made of. Never changed: what answered in an old turn can be looked at for good. */
export const AgentVersion = z.object({
  number: z.number().int(),
  /** With the `{{variables}}` of prompts; empty: as without an agent. */
  instructions: z.string(),
  /** The version of a prompt that the instructions are. Null: they are the agent's own, or the prompt is gone. */
  prompt: z.object({ id: PromptId, name: z.string(), number: z.number().int() }).nullable(),
  /** Of the variables. */
  values: z.record(z.string(), z.string()),
  modelId: ModelId.nullable(),
  connectionId: ConnectionId.nullable(),
  parameters: AgentParameters,
  /** Names. Null: all that are offered to everybody. */
  tools: z.array(z.string()).nullable(),
  /** First messages that are suggested. */
  starters: z.array(z.string()),
  /** Model calls of one turn. Null: as many as without an agent. */
  maxSteps: z.number().int().nullable(),
  /** Those that hold where it answers, beside those of the whole workspace. */
  guardrails: z.array(GuardrailId),
  /** What was changed, in the words of who did. */
  note: z.string().nullable(),
  createdByName: z.string(),
  createdAt: Instant,
})
export type AgentVersion = z.infer<typeof AgentVersion>

export const AgentVisibility = z.enum(['own', 'workspace', 'server'])

export const AgentSummary = z.object({
  id: AgentId,
  workspaceId: WorkspaceId,
  name: z.string(),
  description: z.string(),
  /** An emoji. */
  icon: z.string(),
  color: z.enum(agentColors),
  /** Of its picture on this server, for who may use the agent; another one with each change. Null: it is shown with its emoji. */
  pictureUrl: z.string().nullable(),
  /** `workspace`: each of its members may use it. `server`: everybody, in every workspace; only administrators of the server make and change one. */
  visibility: AgentVisibility,
  ownerName: z.string(),
  isMine: z.boolean(),
  /** Who asks may change, share and delete it. */
  mayEdit: z.boolean(),
  version: z.number().int(),
  modelId: ModelId.nullable(),
  starters: z.array(z.string()),
  createdAt: Instant,
  updatedAt: Instant,
})
export type AgentSummary = z.infer<typeof AgentSummary>

export const Agent = AgentSummary.omit({ modelId: true, starters: true }).extend({ current: AgentVersion })
export type Agent = z.infer<typeof Agent>

export const AgentRole = z.object({
  userId: UserId,
  name: z.string(),
  email: z.string(),
  role: z.enum(agentRoleNames),
  createdAt: Instant,
})
export type AgentRole = z.infer<typeof AgentRole>

const Day = z.object({
  /** In the time zone that was asked for: YYYY-MM-DD. */
  day: z.string(),
  turns: z.number().int(),
  calls: z.number().int(),
  tokens: z.number().int(),
  costNanoUsd: NanoUsd,
  unknownCostCalls: z.number().int(),
})
export const AgentUsage = z.object({ days: z.array(Day), total: Day.omit({ day: true }) })
export type AgentUsage = z.infer<typeof AgentUsage>

/** A tool that an agent can be given. */
export const OfferedTool = z.object({ name: z.string(), description: z.string(), permission: z.enum(['allow', 'ask', 'deny']) })
export type OfferedTool = z.infer<typeof OfferedTool>

const profile = {
  name: z.string().trim().min(1).max(agentLimits.name).optional(),
  description: z.string().trim().max(agentLimits.description).optional(),
  icon: z
    .string()
    .max(32)
    .regex(/^\p{RGI_Emoji}$/v, 'one emoji')
    .optional(),
  color: z.enum(agentColors).optional(),
  visibility: AgentVisibility.optional(),
}

const made = {
  instructions: z.string().max(maxPromptLength).optional(),
  /** In place of `instructions`: a version of a prompt, which stays as it is from then on. Null: own instructions. */
  prompt: z
    .strictObject({ id: PromptId, number: z.number().int().min(1).max(1_000_000) })
    .nullable()
    .optional(),
  values: z.record(z.string().max(50), z.string().max(10_000)).optional(),
  modelId: ModelId.nullable().optional(),
  /** Whose key is to pay; used for whom it is in reach. */
  connectionId: ConnectionId.nullable().optional(),
  parameters: AgentParameters.partial().optional(),
  tools: z.array(ToolName).max(agentLimits.tools).nullable().optional(),
  starters: z.array(z.string().trim().min(1).max(agentLimits.starter)).max(agentLimits.starters).optional(),
  maxSteps: z.number().int().min(1).max(agentLimits.steps).nullable().optional(),
  guardrails: z.array(GuardrailId).max(guardrailLimits.ofAgent).optional(),
  note: z.string().trim().max(agentLimits.note).optional(),
}

/** By name, former names included: what a browser says of itself may be one. */
function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const byId = z.strictObject({ id: AgentId })
const done = z.object({ ok: z.literal(true) })
const access = (action: 'read' | 'create' | 'update' | 'delete' | 'share') =>
  ({ access: { resource: 'agent', action, whose: 'owner' } }) as const
const refusals = [
  'agent.values_missing',
  'agent.tool_unknown',
  'guardrail.not_found',
  'model.not_found',
  'model.thinking_unsupported',
  'connection.not_found',
  'prompt.not_found',
] as const

/** Who answers: instructions, model, parameters and tools under one name. */
export const agents = {
  /** Those that the actor may use there, changed last first. */
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/agents' })
    .meta({ access: { resource: 'agent', action: 'read', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        search: z.string().trim().max(200).optional().describe('part of the name or of the description'),
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
      }),
    )
    .output(z.object({ agents: z.array(AgentSummary), nextCursor: z.string().nullable() }))
    .errors(errors('workspace.not_found')),

  create: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/agents', successStatus: 201 })
    .meta({ access: { resource: 'agent', action: 'create', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId, ...profile, ...made, name: profile.name.unwrap() }))
    .output(Agent)
    .errors(errors('workspace.not_found', 'agent.too_many', ...refusals)),

  /** What an agent can be given there. */
  listTools: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/tools' })
    .meta({ access: { resource: 'agent', action: 'read', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.array(OfferedTool))
    .errors(errors('workspace.not_found')),

  get: endpoint
    .route({ method: 'GET', path: '/agents/{id}' })
    .meta(access('read'))
    .input(byId)
    .output(Agent)
    .errors(errors('agent.not_found')),

  /** What is left out stays. What it is made of becomes a new version, which answers from the next turn on. */
  update: endpoint
    .route({ method: 'PATCH', path: '/agents/{id}' })
    .meta(access('update'))
    .input(
      z.strictObject({
        id: AgentId,
        ...profile,
        ...made,
        /** The version that the change was made from: if another one was saved meanwhile, nothing is. */
        baseVersion: z.number().int().min(1).optional(),
      }),
    )
    .output(Agent)
    .errors(errors('agent.not_found', 'agent.changed_meanwhile', ...refusals)),

  /** Newest first. */
  versions: endpoint
    .route({ method: 'GET', path: '/agents/{id}/versions' })
    .meta(access('read'))
    .input(
      z.strictObject({
        id: AgentId,
        before: z.coerce.number().int().min(1).optional().describe('older than this one'),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(20),
      }),
    )
    .output(z.object({ versions: z.array(AgentVersion), hasMore: z.boolean() }))
    .errors(errors('agent.not_found')),

  /** Makes a new version that is what an old one was. */
  restoreVersion: endpoint
    .route({ method: 'POST', path: '/agents/{id}/versions/{number}/restore' })
    .meta(access('update'))
    .input(z.strictObject({ id: AgentId, number: z.coerce.number().int().min(1), baseVersion: z.number().int().min(1).optional() }))
    .output(Agent)
    .errors(errors('agent.not_found', 'agent.changed_meanwhile', ...refusals)),

  /** One's own, with this one's newest version as its first. */
  duplicate: endpoint
    .route({ method: 'POST', path: '/agents/{id}/copies', successStatus: 201 })
    .meta(access('create'))
    .input(
      z.strictObject({
        id: AgentId,
        name: profile.name,
        workspaceId: WorkspaceId.optional().describe('left out: where it is, or one’s own'),
      }),
    )
    .output(Agent)
    .errors(errors('agent.not_found', 'agent.too_many', 'workspace.not_found')),

  /** PNG, JPEG or WebP of at most 512 KB and 1024 pixels on its longer side, in place of the one that is there. No new version: it says nothing of how it answers. */
  setPicture: endpoint
    .route({ method: 'PUT', path: '/agents/{id}/picture' })
    .meta(access('update'))
    .input(z.strictObject({ id: AgentId, base64: z.string().min(1) }))
    .output(Agent)
    .errors(errors('agent.not_found', 'agent.picture_too_large', 'agent.picture_unsupported')),

  /** It is shown with its emoji again. */
  removePicture: endpoint
    .route({ method: 'DELETE', path: '/agents/{id}/picture' })
    .meta(access('update'))
    .input(byId)
    .output(Agent)
    .errors(errors('agent.not_found')),

  /** The bytes, at `pictureUrl`. */
  picture: endpoint
    .route({ method: 'GET', path: '/agents/{id}/picture' })
    .meta({ ...access('read'), stream: true })
    .input(z.strictObject({ id: AgentId, v: z.string().max(50).optional().describe('another one with each change') }))
    .errors(errors('agent.not_found', 'agent.picture_missing')),

  delete: endpoint
    .route({ method: 'DELETE', path: '/agents/{id}' })
    .meta(access('delete'))
    .input(byId)
    .output(done)
    .errors(errors('agent.not_found')),

  /** For 30 days after it was deleted. */
  restore: endpoint
    .route({ method: 'POST', path: '/agents/{id}/restore' })
    .meta(access('update'))
    .input(byId)
    .output(Agent)
    .errors(errors('agent.not_found', 'agent.too_many')),

  /** What its turns used, by day, for who may change it. */
  usage: endpoint
    .route({ method: 'GET', path: '/agents/{id}/usage' })
    .meta(access('update'))
    .input(
      z.strictObject({
        id: AgentId,
        days: z.coerce.number().int().min(1).max(365).default(30),
        timeZone: z.string().max(64).refine(isTimeZone, 'is not a time zone').default('UTC'),
      }),
    )
    .output(AgentUsage)
    .errors(errors('agent.not_found')),
}

/** Whom an agent is shared with, beside the workspace as a whole. */
export const agentRoles = {
  list: endpoint
    .route({ method: 'GET', path: '/agents/{id}/roles' })
    .meta(access('share'))
    .input(byId)
    .output(z.array(AgentRole))
    .errors(errors('agent.not_found')),

  /** To a member of its workspace. Whoever has a role already gets the new one instead. */
  grant: endpoint
    .route({ method: 'PUT', path: '/agents/{id}/roles' })
    .meta(access('share'))
    .input(z.strictObject({ id: AgentId, email: z.string().trim().toLowerCase().pipe(z.email().max(254)), role: z.enum(agentRoleNames) }))
    .output(AgentRole)
    .errors(errors('agent.not_found', 'user.not_found', 'agent.too_many_roles')),

  revoke: endpoint
    .route({ method: 'DELETE', path: '/agents/{id}/roles/{userId}' })
    .meta(access('share'))
    .input(z.strictObject({ id: AgentId, userId: UserId }))
    .output(done)
    .errors(errors('agent.not_found', 'user.not_found')),
}
