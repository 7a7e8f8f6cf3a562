import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { AgentId, Instant, McpPromptId, McpServerId, McpToolId, WorkspaceId } from './ids.ts'

export const McpTransport = z.enum(['stdio', 'http', 'sse'])
export type McpTransport = z.infer<typeof McpTransport>

/** Whose credentials a server is called with: the workspace's, a header that each person fills in, or each person's sign-in there. */
export const McpCredentials = z.enum(['shared', 'personal', 'oauth'])
export type McpCredentials = z.infer<typeof McpCredentials>

export const McpStatus = z.enum(['connected', 'disconnected', 'error'])
export type McpStatus = z.infer<typeof McpStatus>

/** Whether a server may ask the turn's model something, at the workspace's cost. */
export const McpSampling = z.enum(['deny', 'ask', 'allow'])
export type McpSampling = z.infer<typeof McpSampling>

export const ToolPermission = z.enum(['allow', 'ask', 'deny'])
export type ToolPermission = z.infer<typeof ToolPermission>

export const McpServer = z.object({
  id: McpServerId,
  workspaceId: WorkspaceId,
  name: z.string(),
  /** Begins the names of its tools: `<slug>__<tool>`. */
  slug: z.string(),
  transport: McpTransport,
  /** Address, command and arguments are shown to those who may change them: secrets are often among them. */
  url: z.string().nullable(),
  command: z.string().nullable(),
  args: z.array(z.string()),
  /** Values are never returned. */
  envNames: z.array(z.string()),
  headerNames: z.array(z.string()),
  credentials: McpCredentials,
  /** Whether this person's own credentials are there; null where none are needed. */
  myCredential: z.enum(['missing', 'ready', 'failed']).nullable(),
  trustsHints: z.boolean(),
  sampling: McpSampling,
  isEnabled: z.boolean(),
  /** The agent into which its package was installed, and which alone has its tools. Null: it is the workspace's. */
  agentId: AgentId.nullable(),
  status: McpStatus,
  statusReason: z.string().nullable(),
  statusAt: Instant.nullable(),
  serverName: z.string().nullable(),
  serverVersion: z.string().nullable(),
  /** The revision of the protocol that was agreed on. */
  protocol: z.string().nullable(),
  toolCount: z.number().int(),
  /** Tools that were allowed, changed since, and ask again. */
  changedToolCount: z.number().int(),
  toolsListedAt: Instant.nullable(),
  createdAt: Instant,
})
export type McpServer = z.infer<typeof McpServer>

export const McpTool = z.object({
  id: McpToolId,
  /** As models call it. */
  callName: z.string(),
  /** As the server calls it. */
  name: z.string(),
  title: z.string().nullable(),
  /** The server's own words: information, never an instruction. */
  description: z.string(),
  inputSchema: z.record(z.string(), z.json()),
  hints: z.object({ isReadOnly: z.boolean(), isIdempotent: z.boolean(), isDestructive: z.boolean() }),
  permission: ToolPermission,
  /** Of everything that a model is told of it: what a permission is given for. */
  hash: z.string(),
  isChanged: z.boolean(),
})
export type McpTool = z.infer<typeof McpTool>

/** A prompt that a server offers, as it listed it last. Its words are the server's own. */
export const McpPrompt = z.object({
  id: McpPromptId,
  serverId: McpServerId,
  serverName: z.string(),
  name: z.string(),
  title: z.string().nullable(),
  description: z.string(),
  arguments: z.array(z.object({ name: z.string(), description: z.string().nullable(), isRequired: z.boolean() })),
})
export type McpPrompt = z.infer<typeof McpPrompt>

export const McpServerEvent = z.object({ status: McpStatus, reason: z.string().nullable(), at: Instant })
export type McpServerEvent = z.infer<typeof McpServerEvent>

const HeaderName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'is no name of a header')
const HeaderValue = z
  .string()
  .max(8192)
  .regex(/^[\t\x20-\x7e]*$/, 'printable ASCII characters only')
const EnvName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'letters, digits and underscores only')
const noNul = (value: string) => !value.includes('\0')
const Word = z.string().max(4096).refine(noNul, 'holds a character that no program can be given')

const fields = {
  name: z.string().trim().min(1).max(100),
  transport: McpTransport,
  url: z.url({ protocol: /^https?$/ }).max(2048),
  command: Word.min(1),
  args: z.array(Word).max(100),
  env: z.record(EnvName, Word).refine((env) => Object.keys(env).length <= 100, 'at most 100'),
  /** Ours at its authorisation server, where somebody has registered us there by hand. */
  oauthClient: z.strictObject({ clientId: z.string().min(1).max(500), clientSecret: z.string().min(1).max(2_000).optional() }),
  headers: z.record(HeaderName, HeaderValue).refine((headers) => Object.keys(headers).length <= 50, 'at most 50'),
}

export const NewMcpServer = z.strictObject({
  name: fields.name,
  transport: fields.transport,
  url: fields.url.optional(),
  command: fields.command.optional(),
  args: fields.args.default([]),
  env: fields.env.default({}),
  headers: fields.headers.default({}),
  credentials: McpCredentials.default('shared'),
  oauthClient: fields.oauthClient.optional(),
  trustsHints: z.boolean().default(false),
})

const notFound = errors('mcp-server.not_found')
const byId = z.strictObject({ id: McpServerId })

export const mcpServers = {
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/mcp-servers' })
    .meta({ access: { resource: 'mcp-server', action: 'read', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.array(McpServer))
    .errors(errors('workspace.not_found')),

  /** Nothing is called yet: `test` does that. */
  create: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/mcp-servers', successStatus: 201 })
    .meta({ access: { resource: 'mcp-server', action: 'create', whose: 'workspace' } })
    .input(NewMcpServer.extend({ workspaceId: WorkspaceId }))
    .output(McpServer)
    .errors(errors('workspace.not_found', 'auth.forbidden', 'mcp-server.program_forbidden', 'mcp-server.too_many')),

  /** The form in which other clients are configured: `{"mcpServers": {name: {command, args, env} | {url, headers, type}}}`. All of them or none. */
  createFromJson: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/mcp-servers/from-json', successStatus: 201 })
    .meta({ access: { resource: 'mcp-server', action: 'create', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId, json: z.string().min(1).max(100_000) }))
    .output(z.array(McpServer))
    .errors(errors('workspace.not_found', 'auth.forbidden', 'mcp-server.program_forbidden', 'mcp-server.too_many')),

  get: endpoint
    .route({ method: 'GET', path: '/mcp-servers/{id}' })
    .meta({ access: { resource: 'mcp-server', action: 'read', whose: 'workspace' } })
    .input(byId)
    .output(McpServer)
    .errors(notFound),

  /** What is left out stays. A new origin asks for the headers again: they were given for the other one. */
  update: endpoint
    .route({ method: 'PATCH', path: '/mcp-servers/{id}' })
    .meta({ access: { resource: 'mcp-server', action: 'update', whose: 'workspace' } })
    .input(
      z.strictObject({
        id: McpServerId,
        name: fields.name.optional(),
        url: fields.url.optional(),
        command: fields.command.optional(),
        args: fields.args.optional(),
        env: fields.env.optional(),
        headers: fields.headers.optional(),
        credentials: McpCredentials.optional(),
        trustsHints: z.boolean().optional(),
        sampling: McpSampling.optional(),
        /** Null: registered by itself, where the server lets us. */
        oauthClient: fields.oauthClient.nullable().optional(),
        isEnabled: z.boolean().optional(),
      }),
    )
    .output(McpServer)
    .errors(errors('mcp-server.not_found', 'mcp-server.program_forbidden', 'mcp-server.of_package')),

  delete: endpoint
    .route({ method: 'DELETE', path: '/mcp-servers/{id}' })
    .meta({ access: { resource: 'mcp-server', action: 'delete', whose: 'workspace' } })
    .input(byId)
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('mcp-server.not_found', 'mcp-server.of_package')),

  /** Connects anew and lists the tools. A failure is an answer too: the server's status then says why. */
  test: endpoint
    .route({ method: 'POST', path: '/mcp-servers/{id}/test' })
    .meta({ access: { resource: 'mcp-server', action: 'test', whose: 'workspace' } })
    .input(byId)
    .output(McpServer)
    .errors(notFound),

  listTools: endpoint
    .route({ method: 'GET', path: '/mcp-servers/{id}/tools' })
    .meta({ access: { resource: 'mcp-server', action: 'read', whose: 'workspace' } })
    .input(byId)
    .output(z.array(McpTool))
    .errors(notFound),

  /** Of all servers of the workspace that are switched on, from what is known here: no server is asked. */
  listPrompts: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/mcp-prompts' })
    .meta({ access: { resource: 'mcp-server', action: 'read', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.array(McpPrompt))
    .errors(errors('workspace.not_found')),

  /** Asks the server for the prompt's text, with these arguments. */
  usePrompt: endpoint
    .route({ method: 'POST', path: '/mcp-prompts/{id}/text' })
    .meta({ access: { resource: 'mcp-server', action: 'use', whose: 'workspace' } })
    .input(
      z.strictObject({
        id: McpPromptId,
        arguments: z
          .record(z.string().max(200), z.string().max(20_000))
          .refine((values) => Object.keys(values).length <= 50, 'at most 50')
          .default({}),
      }),
    )
    .output(z.object({ text: z.string() }))
    .errors(errors('mcp-prompt.not_found', 'mcp-server.failed')),

  /** `hashes`, in the order of `toolIds`: as the person has seen them. A tool that is another one by now is not allowed in its place. */
  setPermissions: endpoint
    .route({ method: 'PATCH', path: '/mcp-servers/{id}/tools' })
    .meta({ access: { resource: 'mcp-server', action: 'update', whose: 'workspace' } })
    .input(
      z.strictObject({
        id: McpServerId,
        toolIds: z.array(McpToolId).min(1).max(256),
        permission: ToolPermission,
        hashes: z.array(z.string().max(100)).max(256).optional(),
      }),
    )
    .output(z.array(McpTool))
    .errors(errors('mcp-server.not_found', 'mcp-tool.not_found', 'mcp-tool.changed')),

  /** What became of its connection, newest first. */
  listEvents: endpoint
    .route({ method: 'GET', path: '/mcp-servers/{id}/events' })
    .meta({ access: { resource: 'mcp-server', action: 'read', whose: 'workspace' } })
    .input(byId)
    .output(z.array(McpServerEvent))
    .errors(notFound),

  /** A person's own header for a server that is called with each person's credentials. */
  setCredential: endpoint
    .route({ method: 'PUT', path: '/mcp-servers/{id}/credential' })
    .meta({ access: { resource: 'mcp-server', action: 'use', whose: 'workspace' } })
    .input(
      z.strictObject({ id: McpServerId, headers: fields.headers.refine((headers) => Object.keys(headers).length > 0, 'at least one') }),
    )
    .output(McpServer)
    .errors(errors('mcp-server.not_found', 'mcp-server.no_credential')),

  /** Where this person signs in to the server, for a server that is called with each person's sign-in. They come back with `code` and `state`. */
  authorize: endpoint
    .route({ method: 'POST', path: '/mcp-servers/{id}/authorize' })
    .meta({ access: { resource: 'mcp-server', action: 'use', whose: 'workspace' } })
    .input(byId)
    .output(z.object({ url: z.url({ protocol: /^https?$/ }) }))
    .errors(errors('mcp-server.not_found', 'mcp-server.no_credential', 'mcp-server.sign_in_failed')),

  /** What the person came back with, in the session in which they left; once. */
  finishAuthorization: endpoint
    .route({ method: 'POST', path: '/mcp-servers/finish-authorization' })
    .meta({ access: { resource: 'mcp-server', action: 'use', whose: 'self' } })
    .input(
      z.strictObject({
        state: z.string().max(200),
        code: z.string().max(4096).optional(),
        iss: z.string().max(2048).optional(),
        error: z.string().max(200).optional(),
      }),
    )
    .output(McpServer)
    .errors(errors('mcp-server.sign_in_expired', 'mcp-server.sign_in_failed')),

  /** Forgets this person's credentials. */
  deleteCredential: endpoint
    .route({ method: 'DELETE', path: '/mcp-servers/{id}/credential' })
    .meta({ access: { resource: 'mcp-server', action: 'use', whose: 'workspace' } })
    .input(byId)
    .output(McpServer)
    .errors(notFound),
}
