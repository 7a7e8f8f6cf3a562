import { z } from 'zod'
import type { agentPackages as contract, NewPackageSource } from '../../../contract/agent-packages.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { OutputOf } from '../../platform/http/index.ts'
import type { PackageDeps } from './package-deps.ts'

const maxBytes = 1024 * 1024
const freshMs = 5 * 60_000
const word = (max: number) => z.string().trim().min(1).max(max)
const below = z.string().max(200).optional()

/** One JSON by an address: `docs/design/agent-package.md` describes it. What is not known here is passed over. */
export const GalleryIndex = z.object({
  packages: z
    .array(
      z
        .object({
          id: word(100),
          name: word(100),
          description: word(500),
          version: word(100),
          author: word(200).optional(),
          source: z.union([
            z.object({ url: z.url({ protocol: /^https?$/ }).max(2048), subPath: below }),
            // What stands at an address can change, and a branch moves; a commit stays what it is.
            z.object({ git: z.url({ protocol: /^https?$/ }).max(2048), commit: z.string().regex(/^[0-9a-f]{40}$/), subPath: below }),
          ]),
          sha256: z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .optional(),
        })
        .refine((entry) => 'git' in entry.source || entry.sha256 !== undefined, { path: ['sha256'], message: 'is needed with `url`' }),
    )
    .max(1_000),
})
type Index = z.infer<typeof GalleryIndex>

type Deps = Pick<PackageDeps, 'egress' | 'config'>
const known = new WeakMap<PackageDeps['config'], { index: Promise<Index>; at: number }>()

/** Errors: `agent-package.gallery_unavailable`. */
export async function listGallery(deps: Deps, actor: Actor): Promise<OutputOf<typeof contract.gallery>> {
  check(actor, 'server-program', 'create', 'system')
  const url = deps.config.packages.gallery
  if (url === null) return { isConfigured: false, entries: [] }
  const { packages } = await read(deps, url)
  return {
    isConfigured: true,
    entries: packages.map(({ id, name, description, version, author, source }) => ({
      id,
      name,
      description,
      version,
      author: author ?? null,
      source: 'url' in source ? source.url : source.git,
    })),
  }
}

/** Where a package of the gallery is. Errors: `agent-package.gallery_unavailable`, `agent-package.unreachable`. */
export async function findInGallery(deps: Deps, packageId: string): Promise<NewPackageSource> {
  const url = deps.config.packages.gallery
  const entry = url === null ? undefined : (await read(deps, url)).packages.find(({ id }) => id === packageId)
  if (!entry) throw new AppError('agent-package.unreachable', { detail: 'The gallery does not list it.' })
  const { source, sha256 } = entry
  const { subPath } = source
  if ('url' in source) return { kind: 'url', url: source.url, ...(subPath && { subPath }), ...(sha256 && { sha256 }) }
  return { kind: 'git', url: source.git, ...(subPath && { subPath }), revision: source.commit }
}

function read(deps: Deps, url: string): Promise<Index> {
  const kept = known.get(deps.config)
  if (kept && performance.now() - kept.at < freshMs) return kept.index
  const index = fetchIndex(deps, url)
  known.set(deps.config, { index, at: performance.now() })
  // Whoever tries again does not wait until this one is old.
  index.catch(() => known.delete(deps.config))
  return index
}

async function fetchIndex({ egress }: Deps, url: string): Promise<Index> {
  let text: string
  try {
    // Its address comes from an administrator; what it names does not.
    const response = await egress.fetch(
      url,
      { headers: { accept: 'application/json' } },
      { maxBytes, totalTimeoutMs: 15_000, maxRedirects: 3, allowsPrivateAddress: true },
    )
    if (!response.ok) throw unavailable(`It answered with ${response.status}.`)
    text = await response.text()
  } catch (error) {
    if (error instanceof AppError && error.code === 'agent-package.gallery_unavailable') throw error
    throw unavailable(error instanceof Error ? error.message : 'It could not be reached.', error)
  }
  try {
    return GalleryIndex.parse(JSON.parse(text))
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined
    throw unavailable(issue ? `It is not an index of packages: ${issue.path.join('.')}: ${issue.message}` : 'It is not JSON.', error)
  }
}

const unavailable = (detail: string, cause?: unknown) =>
  new AppError('agent-package.gallery_unavailable', { detail: detail.slice(0, 300), cause })
