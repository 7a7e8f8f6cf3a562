import type { CustomToolConfiguration, ToolPermission, customTools as contract } from '../../../contract/custom-tools.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { requireTool } from './access.ts'
import { openAuth, originOf, sealAuth, shownAuth } from './credentials.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { changeDatabase } from './prepare-database.ts'
import { saveTool } from './save-tool.ts'
import * as store from './store.ts'

type Input = InputOf<typeof contract.update>

export async function updateCustomTool(deps: CustomToolsDeps, actor: Actor, input: Input) {
  const found = await requireTool(deps, actor, 'update', input.id)
  const { tool, operations } = found
  const { name, description, isEnabled, permissions = {}, configuration } = input
  const known = new Set(operations.map((operation) => operation.name))
  const issues = Object.keys(permissions)
    .filter((one) => !known.has(one))
    .map((one) => ({ path: ['permissions', one], message: 'is not one of its operations' }))
  if (issues.length > 0) throw new AppError('request.invalid', { issues })
  const changes = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(isEnabled !== undefined && { is_enabled: isEnabled }),
    ...(configuration && (await configurationOf(deps, actor, found, configuration))),
  }
  return saveTool(deps, { id: tool.id, workspaceId: tool.workspace_id }, async (tx) => {
    if (!(await store.update(tx, tool, changes))) throw new AppError('custom-tool.not_found')
    for (const [operation, permission] of Object.entries(permissions) as [string, ToolPermission][])
      await store.setPermission(tx, tool, operation, permission)
  })
}

async function configurationOf(
  deps: CustomToolsDeps,
  actor: Actor,
  { tool }: store.WholeTool,
  changed: NonNullable<Input['configuration']>,
) {
  const before = tool.configuration
  if (before.kind === 'http_api' && changed.kind === 'http_api') return apiOf(deps, tool, before, changed)
  if (before.kind === 'database' && changed.kind === 'database') return changeDatabase(deps, actor, tool, before, changed)
  throw new AppError('request.invalid', { issues: [{ path: ['configuration', 'kind'], message: 'cannot change' }] })
}

type Api = Extract<CustomToolConfiguration, { kind: 'http_api' }>

/** What was given for one host is not sent to another: then it is asked for again. */
function apiOf(
  deps: CustomToolsDeps,
  tool: store.CustomToolRow,
  before: Api,
  changed: Extract<Input['configuration'], { kind: 'http_api' }>,
) {
  const baseUrl = changed.baseUrl ?? before.baseUrl
  if (changed.auth === undefined && before.auth.kind !== 'none' && originOf(baseUrl) !== originOf(before.baseUrl)) {
    throw new AppError('request.invalid', { issues: [{ path: ['auth'], message: 'is needed again, since the host changes' }] })
  }
  const auth = changed.auth ?? openAuth(deps.vault, tool, before.baseUrl)
  return {
    configuration: JSON.stringify({ ...before, baseUrl, auth: shownAuth(auth) } satisfies Api),
    sealed_credentials: sealAuth(deps.vault, tool, baseUrl, auth),
  }
}
