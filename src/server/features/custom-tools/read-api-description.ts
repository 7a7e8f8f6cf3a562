import type { DescribedApi, DescriptionSource } from '../../../contract/custom-tools.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { EgressError } from '../../platform/egress/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { type ApiDescription, readDescription, type Refusal } from '../../platform/openapi/index.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'

/** The largest public descriptions have about ten. */
const maxBytes = 16 * 1024 * 1024

const reasons: Record<Refusal, string> = {
  not_openapi: 'It is neither OpenAPI 3.0 nor 3.1.',
  unsupported_version: 'Only OpenAPI 3.0 and 3.1 are read here; this is:',
  unreadable: 'It is neither JSON nor YAML:',
  too_complex: 'It is too large or too deeply nested to be read.',
  empty: 'It describes no operations.',
}

export async function describeApi(
  deps: CustomToolsDeps,
  actor: Actor,
  workspaceId: string,
  source: DescriptionSource,
): Promise<DescribedApi> {
  check(actor, 'custom-tool', 'create', { workspaceId })
  const { operations, ...rest } = await loadDescription(deps, source)
  return {
    ...rest,
    operations: operations.map(({ key, name, description, isReadOnly, refusal }) => ({ key, name, description, isReadOnly, refusal })),
  }
}

/** Errors: `custom-tool.description_unreachable`, `custom-tool.description_unreadable`, `connection.address_forbidden`. */
export async function loadDescription(deps: Pick<CustomToolsDeps, 'egress'>, source: DescriptionSource): Promise<ApiDescription> {
  const { text, url } = 'text' in source ? { text: source.text, url: null } : await fetchText(deps, source.url)
  const reply = await readDescription(text, url)
  if ('description' in reply) return reply.description
  throw new AppError('custom-tool.description_unreadable', { detail: [reasons[reply.refused], reply.detail].filter(Boolean).join(' ') })
}

async function fetchText({ egress }: Pick<CustomToolsDeps, 'egress'>, url: string): Promise<{ text: string; url: string }> {
  try {
    const response = await egress.fetch(
      url,
      { headers: { accept: 'application/json, application/yaml, application/vnd.oai.openapi, text/*;q=0.9, */*;q=0.1' } },
      { maxBytes, firstByteTimeoutMs: 15_000, totalTimeoutMs: 30_000 },
    )
    if (!response.ok)
      throw new AppError('custom-tool.description_unreachable', { detail: `The address answered with status ${response.status}.` })
    return { text: await response.text(), url: response.url || url }
  } catch (error) {
    if (error instanceof EgressError) throw new AppError('custom-tool.description_unreachable', { detail: error.message })
    throw error
  }
}
