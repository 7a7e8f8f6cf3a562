import { z } from 'zod'
import { ReadManifest } from './agent-package-manifest.ts'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { AgentId, AgentPackageId, Instant, McpServerId, PackageInspectionId, WorkspaceId } from './ids.ts'
import { maxPackageBytes, packageNotes } from './package-choices.ts'

/** Where a package came from. `revision`: as it was asked for; `commit`: what that was then. */
export const PackageSource = z.object({
  kind: z.enum(['file', 'url', 'git']),
  fileName: z.string().nullable(),
  url: z.string().nullable(),
  revision: z.string().nullable(),
  commit: z.string().nullable(),
  subPath: z.string().nullable(),
})
export type PackageSource = z.infer<typeof PackageSource>

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in small hexadecimal digits')
/** HTTPS; without it only hosts that an administrator has named (`EGRESS_ALLOW`). */
const PackageUrl = z.url({ protocol: /^https?$/, error: 'must be an address that begins with https://' }).max(2048)
const SubPath = z
  .string()
  .max(200)
  .refine((path) => !/\\|\0/.test(path) && !path.split('/').includes('..'), 'must be a folder inside')

/** A package to be looked at. */
const NewSource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    fileName: z.string().max(255),
    base64: z.base64().max(Math.ceil((maxPackageBytes + 3) / 3) * 4),
  }),
  z.strictObject({ kind: z.literal('url'), url: PackageUrl, sha256: Sha256.optional(), subPath: SubPath.optional() }),
  z.strictObject({
    kind: z.literal('git'),
    url: PackageUrl,
    /** A branch, a tag or a commit; left out: what the repository says itself. */
    revision: z
      .string()
      .max(200)
      .regex(/^[A-Za-z0-9][\w./+-]*$/, 'must be a branch, a tag or a commit')
      .optional(),
    subPath: SubPath.optional(),
  }),
  /** One of the gallery's, as it stands there. */
  z.strictObject({ kind: z.literal('gallery'), packageId: z.string().max(100) }),
])
export type NewPackageSource = z.infer<typeof NewSource>

/** What stands in the way of its tools, or is worth knowing before consent. */
export const PackageNote = z.enum(packageNotes)
export type PackageNote = z.infer<typeof PackageNote>

/** What a version may do beside the one that is installed. */
export const PackageChanges = z.object({
  fromVersion: z.string(),
  addedTools: z.array(z.string()),
  removedTools: z.array(z.string()),
  /** Tools that ask less than before. */
  loosenedTools: z.array(z.string()),
  addedHosts: z.array(z.string()),
  addedEnv: z.array(z.string()),
  isProgramNew: z.boolean(),
  instructionsChanged: z.boolean(),
  /** It may do more, so consent is asked for again. */
  growsRights: z.boolean(),
})
export type PackageChanges = z.infer<typeof PackageChanges>

/** A package that was fetched and checked, and is held ready for an hour. */
export const PackageInspection = z.object({
  id: PackageInspectionId,
  workspaceId: WorkspaceId,
  manifest: ReadManifest,
  source: PackageSource,
  sha256: z.string(),
  sizeBytes: z.number().int(),
  notes: z.array(PackageNote),
  /** Of an update. */
  updates: AgentPackageId.nullable(),
  changes: PackageChanges.nullable(),
  expiresAt: Instant,
})
export type PackageInspection = z.infer<typeof PackageInspection>

export const AgentPackageVersion = z.object({
  number: z.number().int(),
  manifest: ReadManifest,
  source: PackageSource,
  sha256: z.string(),
  envNames: z.array(z.string()),
  installedByName: z.string(),
  installedAt: Instant,
})
export type AgentPackageVersion = z.infer<typeof AgentPackageVersion>

export const AgentPackage = z.object({
  id: AgentPackageId,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  packageId: z.string(),
  /** The one that is in force. */
  current: AgentPackageVersion,
  /** The tool server that its program is. Null: it has no tools. */
  serverId: McpServerId.nullable(),
  notes: z.array(PackageNote),
})
export type AgentPackage = z.infer<typeof AgentPackage>

export const AgentPackageEvent = z.object({
  action: z.enum(['installed', 'updated', 'rolled_back', 'deleted']),
  packageId: z.string(),
  version: z.string(),
  sha256: z.string(),
  byName: z.string(),
  at: Instant,
})
export type AgentPackageEvent = z.infer<typeof AgentPackageEvent>

export const GalleryEntry = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  version: z.string(),
  author: z.string().nullable(),
  source: z.string(),
})
export type GalleryEntry = z.infer<typeof GalleryEntry>

const runsCode = { access: { resource: 'server-program', action: 'create', whose: 'system' } } as const
const reads = { access: { resource: 'agent', action: 'read', whose: 'owner' } } as const
const Env = z.record(
  z.string().max(128),
  z
    .string()
    .max(8192)
    .refine((value) => !value.includes('\0'), 'holds a character that no program can be given'),
)
const tools = ['agent-package.values_missing', 'agent-package.not_confined', 'agent-package.no_runtime'] as const

/** Packages of instructions and tools, installed into agents by who may run programs on the server. */
export const agentPackages = {
  /** Fetches and checks a package, and says what it will be able to do. Nothing of it is run. `updates`: as a new version of that one; left out there, `source` is where that came from. */
  inspect: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/agent-packages/inspect', successStatus: 201 })
    .meta(runsCode)
    .input(z.strictObject({ workspaceId: WorkspaceId, source: NewSource.optional(), updates: AgentPackageId.optional() }))
    .output(PackageInspection)
    .errors(
      errors(
        'workspace.not_found',
        'agent-package.not_found',
        'agent-package.damaged',
        'agent-package.unsafe',
        'agent-package.too_large',
        'agent-package.no_manifest',
        'agent-package.manifest_invalid',
        'agent-package.unreachable',
        'agent-package.checksum_mismatch',
        'agent-package.other_package',
        'agent-package.gallery_unavailable',
        'connection.address_forbidden',
      ),
    ),

  /** Consent to exactly these bytes, into an agent or a new one. */
  install: endpoint
    .route({ method: 'POST', path: '/package-inspections/{inspectionId}/install', successStatus: 201 })
    .meta(runsCode)
    .input(
      z.strictObject({
        inspectionId: PackageInspectionId,
        sha256: Sha256,
        /** Left out: a new one. */
        agentId: AgentId.optional(),
        env: Env.default({}),
      }),
    )
    .output(AgentPackage)
    .errors(
      errors(
        'package-inspection.not_found',
        'agent.not_found',
        'agent-package.checksum_mismatch',
        'agent-package.installed_already',
        ...tools,
      ),
    ),

  /** The inspected version takes the place of the one in force. Values that were given stay where they are not given again. */
  update: endpoint
    .route({ method: 'POST', path: '/package-inspections/{inspectionId}/update' })
    .meta(runsCode)
    .input(
      z.strictObject({
        inspectionId: PackageInspectionId,
        sha256: Sha256,
        env: Env.default({}),
        acceptsRights: z.boolean().default(false),
      }),
    )
    .output(AgentPackage)
    .errors(
      errors(
        'package-inspection.not_found',
        'agent.not_found',
        'agent-package.checksum_mismatch',
        'agent-package.consent_needed',
        ...tools,
      ),
    ),

  /** Of one agent. */
  list: endpoint
    .route({ method: 'GET', path: '/agents/{agentId}/packages' })
    .meta(reads)
    .input(z.strictObject({ agentId: AgentId }))
    .output(z.array(AgentPackage))
    .errors(errors('agent.not_found')),

  /** Newest first. */
  versions: endpoint
    .route({ method: 'GET', path: '/agent-packages/{id}/versions' })
    .meta(reads)
    .input(z.strictObject({ id: AgentPackageId }))
    .output(z.array(AgentPackageVersion))
    .errors(errors('agent-package.not_found')),

  /** What was done with packages of an agent, newest first. */
  events: endpoint
    .route({ method: 'GET', path: '/agents/{agentId}/package-events' })
    .meta(reads)
    .input(z.strictObject({ agentId: AgentId }))
    .output(z.array(AgentPackageEvent))
    .errors(errors('agent.not_found')),

  /** A version that consent was given to before. It becomes the newest. */
  rollBack: endpoint
    .route({ method: 'POST', path: '/agent-packages/{id}/roll-back' })
    .meta(runsCode)
    .input(z.strictObject({ id: AgentPackageId, number: z.number().int().min(1) }))
    .output(AgentPackage)
    .errors(errors('agent-package.not_found', ...tools)),

  /** The agent goes on without its tools and instructions, or goes with it. */
  delete: endpoint
    .route({ method: 'DELETE', path: '/agent-packages/{id}' })
    .meta({ access: { resource: 'agent', action: 'update', whose: 'owner' } })
    .input(z.strictObject({ id: AgentPackageId, agent: z.enum(['keep', 'delete']).default('keep') }))
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('agent-package.not_found')),

  /** What the gallery of this server offers. */
  gallery: endpoint
    .route({ method: 'GET', path: '/agent-packages/gallery' })
    .meta(runsCode)
    .output(z.object({ isConfigured: z.boolean(), entries: z.array(GalleryEntry) }))
    .errors(errors('agent-package.gallery_unavailable')),
}
