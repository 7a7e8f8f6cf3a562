import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { ConnectionId, Instant, ModelId, NanoUsd, WorkspaceId } from './ids.ts'
import { webSearches } from './web-search.ts'

export const Provider = z.enum(['openai', 'anthropic', 'google', 'xai', 'openai-compatible', 'ollama', 'built-in'])
export type Provider = z.infer<typeof Provider>

/** Whose key pays: the conversation's chosen one, the person's own, the workspace's, or the house's (set up by the administrator). */
export const KeyOrigin = z.enum(['conversation', 'user', 'workspace', 'house'])
export type KeyOrigin = z.infer<typeof KeyOrigin>

/** Where an effective setting came from. */
export const SettingOrigin = z.enum(['message', 'conversation', 'agent', 'user', 'workspace', 'system'])
export type SettingOrigin = z.infer<typeof SettingOrigin>

/** How much a model is told to think before it answers. */
export const ThinkingLevel = z.enum(['off', 'low', 'medium', 'high'])
export type ThinkingLevel = z.infer<typeof ThinkingLevel>

/** What searches the web for an answer; see `searchUsed`. */
export const WebSearch = z.enum(webSearches)

export const Connection = z.object({
  id: ConnectionId,
  provider: Provider,
  name: z.string(),
  baseUrl: z.string().nullable(),
  /** The last four characters; the key itself is never returned. */
  keyLast4: z.string().nullable(),
  headerNames: z.array(z.string()),
  ownership: z.enum(['own', 'workspace', 'house']),
  /** Set by the environment of the server: cannot be changed here. */
  isManaged: z.boolean(),
  isDefault: z.boolean(),
  status: z.enum(['ready', 'error', 'untested']),
  statusReason: z.string().nullable(),
  modelCount: z.number().int(),
  createdAt: Instant,
})
export type Connection = z.infer<typeof Connection>

/** What a model takes as it is, beside text. Anything else reaches it as words. */
export const ModelInput = z.enum(['image', 'pdf'])
export type ModelInput = z.infer<typeof ModelInput>

/** Nano-dollars per 1,000 tokens; null is unknown, which is never zero. */
export const ModelPrice = z.object({
  inputPer1k: NanoUsd.nullable(),
  outputPer1k: NanoUsd.nullable(),
  reasoningPer1k: NanoUsd.nullable(),
  cacheReadPer1k: NanoUsd.nullable(),
  cacheWritePer1k: NanoUsd.nullable(),
  origin: z.enum(['catalogue', 'admin', 'free', 'unknown']),
})
export type ModelPrice = z.infer<typeof ModelPrice>

export const Model = z.object({
  id: ModelId,
  provider: Provider,
  /** The name the provider knows it by. */
  internalName: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  kind: z.enum(['chat', 'embedding', 'reranking', 'image']),
  maxContext: z.number().int().nullable(),
  maxOutput: z.number().int().nullable(),
  maxReasoning: z.number().int().nullable(),
  summarizeThreshold: z.number().int().nullable(),
  defaultParameters: z.record(z.string(), z.json()),
  inputs: z.array(ModelInput),
  /** Its provider can search the web for it. */
  hasSearch: z.boolean(),
  price: ModelPrice,
  /** Which key would pay if this person used it now. */
  keyOrigin: KeyOrigin,
  connectionId: ConnectionId,
  connectionName: z.string(),
})
export type Model = z.infer<typeof Model>

/** Those that belong to the connection itself. */
const hopHeaders = [
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]
const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, 'letters, digits and hyphens only')
  .refine((name) => !hopHeaders.includes(name.toLowerCase()), 'is set by the server itself')
const HeaderValue = z
  .string()
  .max(2048)
  .regex(/^[\t\x20-\x7e]*$/, 'printable ASCII characters only')
const Headers = z.record(HeaderName, HeaderValue)
const BaseUrl = z.url({ protocol: /^https?$/ }).max(2048)

const connectionFields = {
  name: z.string().trim().min(1).max(100),
  apiKey: z
    .string()
    .trim()
    .min(1)
    .max(512)
    .regex(/^[\x21-\x7e]+$/, 'printable ASCII characters without spaces only')
    .nullable(),
  baseUrl: BaseUrl.nullable(),
  headers: Headers,
  isDefault: z.boolean(),
}

export const connections = {
  /** Those the actor may use: own ones, the workspace's and the house's. */
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/connections' })
    .meta({ access: { resource: 'connection', action: 'read', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.array(Connection))
    .errors(errors('workspace.not_found')),

  /** The key is tested against the provider before it is sealed and stored; its models are listed in the same call. */
  create: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/connections', successStatus: 201 })
    .meta({ access: { resource: 'connection', action: 'create', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        provider: Provider.exclude(['built-in']),
        ownership: z.enum(['own', 'workspace', 'house']).default('own'),
        name: connectionFields.name.optional(),
        apiKey: connectionFields.apiKey.default(null),
        baseUrl: connectionFields.baseUrl.default(null),
        headers: connectionFields.headers.default({}),
        isDefault: connectionFields.isDefault.default(true),
      }),
    )
    .output(Connection)
    .errors(
      errors('workspace.not_found', 'auth.forbidden', 'connection.rejected', 'connection.unreachable', 'connection.address_forbidden'),
    ),

  /** Changing the base URL asks for the key again: a sealed key is bound to the origin it was given for. */
  update: endpoint
    .route({ method: 'PATCH', path: '/connections/{id}' })
    .meta({ access: { resource: 'connection', action: 'update', whose: 'owner' } })
    .input(
      z.strictObject({
        id: ConnectionId,
        name: connectionFields.name.optional(),
        apiKey: connectionFields.apiKey.optional(),
        baseUrl: connectionFields.baseUrl.optional(),
        headers: connectionFields.headers.optional(),
        isDefault: connectionFields.isDefault.optional(),
      }),
    )
    .output(Connection)
    .errors(
      errors('connection.not_found', 'connection.managed', 'connection.rejected', 'connection.unreachable', 'connection.address_forbidden'),
    ),

  /** Asks the provider again: is the key good, which models are there. */
  test: endpoint
    .route({ method: 'POST', path: '/connections/{id}/test' })
    .meta({ access: { resource: 'connection', action: 'test', whose: 'owner' } })
    .input(z.strictObject({ id: ConnectionId }))
    .output(Connection)
    .errors(errors('connection.not_found')),

  delete: endpoint
    .route({ method: 'DELETE', path: '/connections/{id}' })
    .meta({ access: { resource: 'connection', action: 'delete', whose: 'owner' } })
    .input(z.strictObject({ id: ConnectionId }))
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('connection.not_found', 'connection.managed')),
}

export const models = {
  /** The models the actor can use now in this workspace, each with the key that would pay. */
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/models' })
    .meta({ access: { resource: 'model', action: 'read', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.object({ models: z.array(Model), effective: z.object({ modelId: ModelId, origin: SettingOrigin }) }))
    .errors(errors('workspace.not_found')),

  /** An administrator's correction, which outlives updates of the catalogue; null takes it back. */
  override: endpoint
    .route({ method: 'PATCH', path: '/models/{id}' })
    .meta({ access: { resource: 'model', action: 'update', whose: 'system' } })
    .input(
      z.strictObject({
        id: ModelId,
        name: z.string().trim().min(1).max(200).nullable().optional(),
        description: z.string().max(2000).nullable().optional(),
        maxContext: z.number().int().positive().nullable().optional(),
        maxOutput: z.number().int().positive().nullable().optional(),
        maxReasoning: z.number().int().positive().nullable().optional(),
        summarizeThreshold: z.number().int().positive().nullable().optional(),
        defaultParameters: z.record(z.string(), z.json()).optional(),
        inputs: z.array(ModelInput).nullable().optional(),
        price: ModelPrice.omit({ origin: true }).nullable().optional(),
      }),
    )
    .output(z.object({ id: ModelId, name: z.string(), price: ModelPrice }))
    .errors(errors('model.not_found')),
}
