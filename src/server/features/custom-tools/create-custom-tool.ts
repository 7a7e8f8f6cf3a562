import type { customTools as contract } from '../../../contract/custom-tools.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { slugFor } from './names.ts'
import { prepareApi, type Prepared } from './prepare-api.ts'
import { prepareDatabase } from './prepare-database.ts'
import { prepareSearch, searchName } from './prepare-search.ts'
import { saveTool } from './save-tool.ts'
import * as store from './store.ts'

const maxTools = 50

export async function createCustomTool(deps: CustomToolsDeps, actor: Actor, input: InputOf<typeof contract.create>) {
  const { workspaceId, name, description } = input
  check(actor, 'custom-tool', 'create', { workspaceId })
  const place = { id: newId(), workspace_id: workspaceId }
  const prepared = await prepare(deps, actor, place, input.configuration)
  const { configuration, sealed, operations } = prepared
  return saveTool(deps, { id: place.id, workspaceId }, async (tx) => {
    const slugs = await store.lockSlugs(tx, workspaceId)
    if (configuration.kind === 'web_search' && slugs.includes(searchName)) throw new AppError('custom-tool.search_exists')
    if (slugs.length >= maxTools) throw new AppError('custom-tool.too_many')
    const others = await deps.listOtherSlugs(tx, workspaceId)
    const row = {
      ...place,
      kind: configuration.kind,
      name,
      slug: configuration.kind === 'web_search' ? searchName : slugFor(name, [...slugs, ...others, searchName]),
      description,
      configuration: JSON.stringify(configuration),
      sealed_credentials: sealed,
    }
    await store.insert(
      tx,
      row,
      operations.map((operation, position) => ({
        ...operation,
        id: newId(),
        workspace_id: workspaceId,
        custom_tool_id: place.id,
        position,
      })),
    )
  })
}

type Configuration = InputOf<typeof contract.create>['configuration']

function prepare(
  deps: CustomToolsDeps,
  actor: Actor,
  place: { id: string; workspace_id: string },
  given: Configuration,
): Prepared | Promise<Prepared> {
  if (given.kind === 'http_api') return prepareApi(deps, place, given)
  if (given.kind === 'database') return prepareDatabase(deps, actor, place, given)
  return prepareSearch(deps, place, given)
}
