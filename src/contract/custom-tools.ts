import { z } from 'zod'
import { maxOperations } from './custom-tool-choices.ts'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { CustomToolId, Instant, WorkspaceId } from './ids.ts'

export const ToolPermission = z.enum(['allow', 'ask', 'deny'])
export type ToolPermission = z.infer<typeof ToolPermission>

export const maxDescriptionText = 3_500_000

const WebAddress = z.url({ protocol: /^https?$/ }).max(2048)
const secret = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\x20-\x7e]+$/, 'printable ASCII characters only')
const name = z.string().trim().min(1).max(100)
const description = z.string().trim().max(500)
const OperationName = z.string().regex(/^\w{1,38}$/)
const ParameterName = z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, dots, hyphens and underscores only')

/** How an API knows who asks. What is secret in it is sealed, and never returned. */
export const ApiAuth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('api_key'), in: z.enum(['header', 'query']), name: ParameterName, value: secret }),
  z.strictObject({ kind: z.literal('bearer'), token: secret }),
  z.strictObject({
    kind: z.literal('basic'),
    username: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^:\p{Cc}]+$/u, 'no colon'),
    password: z.string().max(4096),
  }),
  z.strictObject({
    kind: z.literal('oauth_client_credentials'),
    tokenUrl: WebAddress,
    clientId: z.string().min(1).max(512),
    clientSecret: secret,
    scope: z.string().trim().max(1000).default(''),
  }),
])
export type ApiAuth = z.infer<typeof ApiAuth>

/** The same without what is secret. */
export const ShownAuth = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('api_key'), in: z.enum(['header', 'query']), name: z.string() }),
  z.object({ kind: z.literal('bearer') }),
  z.object({ kind: z.literal('basic'), username: z.string() }),
  z.object({ kind: z.literal('oauth_client_credentials'), tokenUrl: z.string(), clientId: z.string(), scope: z.string() }),
])
export type ShownAuth = z.infer<typeof ShownAuth>

const serverTarget = {
  host: z
    .string()
    .trim()
    .min(1)
    .max(253)
    .regex(/^[\w.:[\]-]+$/, 'must be a host name or an address'),
  port: z.number().int().min(1).max(65_535),
  database: z.string().min(1).max(128),
  user: z.string().min(1).max(128),
  /** Encrypted with the certificate checked, encrypted without checking it, or not at all. */
  tls: z.enum(['verify', 'require', 'off']),
}
/** Where a database is. Of SQLite a file below the folder that the server's setting names. */
export const DatabaseTarget = z.discriminatedUnion('engine', [
  z.strictObject({ engine: z.literal('postgresql'), ...serverTarget }),
  z.strictObject({ engine: z.literal('mysql'), ...serverTarget }),
  z.strictObject({ engine: z.literal('sqlite'), path: z.string().trim().min(1).max(500) }),
])
export type DatabaseTarget = z.infer<typeof DatabaseTarget>
const MaxRows = z.number().int().min(1).max(1_000)

export const SearchProvider = z.enum(['brave', 'tavily', 'searxng'])
export type SearchProvider = z.infer<typeof SearchProvider>
const SearchKey = secret.max(512).nullable()

export const CustomToolConfiguration = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('http_api'), baseUrl: z.string(), auth: ShownAuth, documentTitle: z.string(), documentVersion: z.string() }),
  z.object({ kind: z.literal('database'), target: DatabaseTarget, hasPassword: z.boolean(), maxRows: z.number().int() }),
  z.object({ kind: z.literal('web_search'), provider: SearchProvider, baseUrl: z.string(), hasKey: z.boolean() }),
])
export type CustomToolConfiguration = z.infer<typeof CustomToolConfiguration>

export const CustomToolOperation = z.object({
  /** Models know it as `<slug>__<name>`. */
  name: z.string(),
  description: z.string(),
  /** `GET /pets/{id}`; null where there is nothing of that kind. */
  address: z.string().nullable(),
  permission: ToolPermission,
  /** It changes nothing, so that it may run again after an interruption. */
  isRepeatable: z.boolean(),
  inputSchema: z.record(z.string(), z.json()),
})
export type CustomToolOperation = z.infer<typeof CustomToolOperation>

export const CustomTool = z.object({
  id: CustomToolId,
  workspaceId: WorkspaceId,
  name: z.string(),
  /** The beginning of its operations' names. It stays when the name changes. */
  slug: z.string(),
  description: z.string(),
  isEnabled: z.boolean(),
  configuration: CustomToolConfiguration,
  operations: z.array(CustomToolOperation),
  createdAt: Instant,
  updatedAt: Instant,
})
export type CustomTool = z.infer<typeof CustomTool>

/** An OpenAPI description: its text, or where it is. */
export const DescriptionSource = z.union([
  z.strictObject({ text: z.string().min(2).max(maxDescriptionText) }),
  z.strictObject({ url: WebAddress }),
])
export type DescriptionSource = z.infer<typeof DescriptionSource>

export const DescribedApi = z.object({
  title: z.string(),
  description: z.string(),
  version: z.string(),
  servers: z.array(z.string()),
  /** Ways of signing in that it names. */
  security: z.array(ShownAuth),
  operations: z.array(
    z.object({
      /** `GET /pets/{id}` */
      key: z.string(),
      name: z.string(),
      description: z.string(),
      isReadOnly: z.boolean(),
      /** Why it cannot be called from here; null where it can. */
      refusal: z.string().nullable(),
    }),
  ),
})
export type DescribedApi = z.infer<typeof DescribedApi>

const permissions = z.record(OperationName, ToolPermission)

/** HTTP APIs that a workspace's models may call, databases that they may read, and a search of the web. */
export const customTools = {
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/custom-tools' })
    .meta({ access: { resource: 'custom-tool', action: 'read', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.array(CustomTool))
    .errors(errors('workspace.not_found')),

  /** What an OpenAPI description offers. Nothing is kept. */
  describe: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/custom-tools/description' })
    .meta({ access: { resource: 'custom-tool', action: 'create', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId, source: DescriptionSource }))
    .output(DescribedApi)
    .errors(
      errors(
        'workspace.not_found',
        'custom-tool.description_unreadable',
        'custom-tool.description_unreachable',
        'connection.address_forbidden',
      ),
    ),

  create: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/custom-tools', successStatus: 201 })
    .meta({ access: { resource: 'custom-tool', action: 'create', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        name,
        description: description.default(''),
        configuration: z.discriminatedUnion('kind', [
          z.strictObject({
            kind: z.literal('http_api'),
            source: DescriptionSource,
            baseUrl: WebAddress,
            auth: ApiAuth.default({ kind: 'none' }),
            /** By their keys in the description. */
            operations: z
              .record(z.string().max(2048), ToolPermission)
              .refine((chosen) => Object.keys(chosen).length > 0, 'choose at least one')
              .refine((chosen) => Object.keys(chosen).length <= maxOperations, `choose at most ${maxOperations}`),
          }),
          z.strictObject({
            kind: z.literal('database'),
            target: DatabaseTarget,
            password: z.string().max(1024).nullable().default(null),
            maxRows: MaxRows.default(100),
            permissions: z.strictObject({ schema: ToolPermission, query: ToolPermission }).default({ schema: 'ask', query: 'ask' }),
          }),
          /** One in a workspace. */
          z.strictObject({
            kind: z.literal('web_search'),
            provider: SearchProvider,
            key: SearchKey.default(null),
            /** Left out: the provider's own. Needed for SearXNG. */
            baseUrl: WebAddress.optional(),
            permission: ToolPermission.default('ask'),
          }),
        ]),
      }),
    )
    .output(CustomTool)
    .errors(
      errors(
        'workspace.not_found',
        'custom-tool.too_many',
        'custom-tool.search_exists',
        'custom-tool.description_unreadable',
        'custom-tool.description_unreachable',
        'custom-tool.database_refused',
        'connection.address_forbidden',
      ),
    ),

  /** Credentials belong to where they are sent: another host asks for them again. */
  update: endpoint
    .route({ method: 'PATCH', path: '/custom-tools/{id}' })
    .meta({ access: { resource: 'custom-tool', action: 'update', whose: 'workspace' } })
    .input(
      z.strictObject({
        id: CustomToolId,
        name: name.optional(),
        description: description.optional(),
        isEnabled: z.boolean().optional(),
        permissions: permissions.optional(),
        configuration: z
          .discriminatedUnion('kind', [
            z.strictObject({ kind: z.literal('http_api'), baseUrl: WebAddress.optional(), auth: ApiAuth.optional() }),
            z.strictObject({
              kind: z.literal('database'),
              target: DatabaseTarget.optional(),
              password: z.string().max(1024).nullable().optional(),
              maxRows: MaxRows.optional(),
            }),
            z.strictObject({
              kind: z.literal('web_search'),
              provider: SearchProvider.optional(),
              key: SearchKey.optional(),
              baseUrl: WebAddress.optional(),
            }),
          ])
          .optional(),
      }),
    )
    .output(CustomTool)
    .errors(errors('custom-tool.not_found', 'custom-tool.database_refused', 'connection.address_forbidden')),

  /** Calls an operation as a model would, and says what a model would be told. */
  test: endpoint
    .route({ method: 'POST', path: '/custom-tools/{id}/test' })
    .meta({ access: { resource: 'custom-tool', action: 'test', whose: 'workspace' } })
    .input(z.strictObject({ id: CustomToolId, operation: OperationName, arguments: z.record(z.string(), z.json()).default({}) }))
    .output(z.object({ isWorking: z.boolean(), result: z.string(), durationMs: z.number().int() }))
    .errors(errors('custom-tool.not_found')),

  delete: endpoint
    .route({ method: 'DELETE', path: '/custom-tools/{id}' })
    .meta({ access: { resource: 'custom-tool', action: 'delete', whose: 'workspace' } })
    .input(z.strictObject({ id: CustomToolId }))
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('custom-tool.not_found')),
}
