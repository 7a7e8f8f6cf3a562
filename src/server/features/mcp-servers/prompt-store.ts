import { isDeepStrictEqual } from 'node:util'
import type { Selectable } from 'kysely'
import { type Db, storableJson, type Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import type { DescribedPrompt } from './describe-prompt.ts'
import type { ServerRow } from './store.ts'
import type { McpPromptTable } from './tables.ts'

export type PromptRow = Selectable<McpPromptTable> & { server_name: string }

/** The list as it is now, and whether that is news. One that stays keeps its id. */
export async function savePrompts(
  tx: Tx,
  { workspace_id, id }: Pick<ServerRow, 'workspace_id' | 'id'>,
  prompts: readonly DescribedPrompt[],
): Promise<boolean> {
  const before = await tx
    .selectFrom('mcp_prompt')
    .select(['name', 'title', 'description', 'arguments'])
    .where('workspace_id', '=', workspace_id)
    .where('server_id', '=', id)
    .execute()
  if (isDeepStrictEqual(sorted(before), sorted(prompts))) return false
  const names = [...new Set(prompts.map(({ name }) => name))]
  await tx
    .deleteFrom('mcp_prompt')
    .where('workspace_id', '=', workspace_id)
    .where('server_id', '=', id)
    .$if(names.length > 0, (query) => query.where('name', 'not in', names))
    .execute()
  for (const name of names) {
    const prompt = prompts.find((one) => one.name === name)!
    const shown = { title: prompt.title, description: prompt.description, arguments: storableJson(prompt.arguments) }
    await tx
      .insertInto('mcp_prompt')
      .values({ id: newId(), workspace_id, server_id: id, name, ...shown })
      .onConflict((conflict) => conflict.columns(['server_id', 'name']).doUpdateSet(shown))
      .execute()
  }
  return true
}

const sorted = (prompts: readonly DescribedPrompt[]) => [...prompts].sort((a, b) => (a.name < b.name ? -1 : 1))

const shownPrompts = (db: Db) =>
  db
    .selectFrom('mcp_prompt')
    .innerJoin('mcp_server', 'mcp_server.id', 'mcp_prompt.server_id')
    .selectAll('mcp_prompt')
    .select('mcp_server.name as server_name')
    .where('mcp_server.is_enabled', '=', true)

export async function listPrompts(db: Db, workspaceId: string): Promise<PromptRow[]> {
  return shownPrompts(db).where('mcp_prompt.workspace_id', '=', workspaceId).orderBy('mcp_server.name').orderBy('mcp_prompt.name').execute()
}

export async function findPrompt(db: Db, workspaceIds: readonly string[], id: string): Promise<PromptRow | undefined> {
  if (workspaceIds.length === 0) return undefined
  return shownPrompts(db).where('mcp_prompt.workspace_id', 'in', workspaceIds).where('mcp_prompt.id', '=', id).executeTakeFirst()
}
