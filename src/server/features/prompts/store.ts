import { sql } from 'kysely'
import type { PromptVariable } from '../../../contract/prompt-text.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'

export interface Reader {
  principalId: string
  workspaceIds: readonly string[]
}

export interface PromptRow {
  id: string
  workspace_id: string
  owner_id: string
  name: string
  visibility: 'own' | 'workspace'
  version: number
  version_id: string
  content: string
  variables: PromptVariable[]
  used_at: Date | null
  version_used_at: Date | null
  created_at: Date
  updated_at: Date
}

export type Shared = Pick<PromptRow, 'workspace_id' | 'visibility'>

const columns = [
  'prompt.id',
  'prompt.workspace_id',
  'prompt.owner_id',
  'prompt.name',
  'prompt.visibility',
  'prompt.version',
  'prompt_version.id as version_id',
  'prompt_version.content',
  'prompt_version.variables',
  'prompt.used_at',
  'prompt_version.used_at as version_used_at',
  'prompt.created_at',
  'prompt.updated_at',
] as const

const withVersion = (db: Db | Tx) =>
  db
    .selectFrom('prompt')
    .innerJoin('prompt_version', (join) =>
      join.onRef('prompt_version.prompt_id', '=', 'prompt.id').onRef('prompt_version.number', '=', 'prompt.version'),
    )

/** The reader's own, and what is shared in their workspaces. */
function readable(db: Db | Tx, { principalId, workspaceIds }: Reader) {
  return withVersion(db)
    .where('prompt.deleted_at', 'is', null)
    .where((where) =>
      where.or([
        where('prompt.owner_id', '=', principalId),
        ...(workspaceIds.length > 0
          ? [where.and([where('prompt.visibility', '=', 'workspace'), where('prompt.workspace_id', 'in', workspaceIds)])]
          : []),
      ]),
    )
    .select(columns)
}

export async function list(
  db: Db,
  reader: Reader,
  wanted: { workspaceId: string; search: string | null; before: { at: Date; id: string } | null; limit: number },
): Promise<PromptRow[]> {
  const { search, before } = wanted
  let query = readable(db, reader).where('prompt.workspace_id', '=', wanted.workspaceId)
  if (search) {
    const pattern = `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    query = query.where(sql<boolean>`(prompt.name ilike ${pattern} or prompt_version.content ilike ${pattern})`)
  }
  if (before) query = query.where(sql<boolean>`(coalesce(prompt.used_at, prompt.created_at), prompt.id) < (${before.at}, ${before.id})`)
  return query.orderBy(sql`coalesce(prompt.used_at, prompt.created_at)`, 'desc').orderBy('prompt.id', 'desc').limit(wanted.limit).execute()
}

export async function find(db: Db | Tx, reader: Reader, id: string): Promise<PromptRow | undefined> {
  return readable(db, reader).where('prompt.id', '=', id).executeTakeFirst()
}

export interface LockedPrompt extends PromptRow {
  deleted_at: Date | null
}

/** The prompt is locked before its version is read: a statement that does both would look for the version that was the newest when it began. */
export async function lockOwn(tx: Tx, ownerId: string, id: string, which?: 'deleted or not'): Promise<LockedPrompt | undefined> {
  let lock = tx.selectFrom('prompt').select('deleted_at').where('id', '=', id).where('owner_id', '=', ownerId).forUpdate()
  if (!which) lock = lock.where('deleted_at', 'is', null)
  const locked = await lock.executeTakeFirst()
  return locked && { ...(await withVersion(tx).where('prompt.id', '=', id).select(columns).executeTakeFirstOrThrow()), ...locked }
}

export async function countOwn(tx: Tx, ownerId: string, workspaceId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('prompt')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('workspace_id', '=', workspaceId)
    .where('owner_id', '=', ownerId)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

/** In the order in which they were made. */
export async function listOwn(
  db: Db,
  ownerId: string,
  { workspaceId, after, limit }: { workspaceId: string; after: string | null; limit: number },
): Promise<PromptRow[]> {
  let query = withVersion(db)
    .where('prompt.workspace_id', '=', workspaceId)
    .where('prompt.owner_id', '=', ownerId)
    .where('prompt.deleted_at', 'is', null)
  if (after !== null) query = query.where('prompt.id', '>', after)
  return query.select(columns).orderBy('prompt.id').limit(limit).execute()
}

export async function lockImports(tx: Tx, ownerId: string, workspaceId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`prompts ${ownerId} ${workspaceId}`}, 0))`.execute(tx)
}

/** Whether one is called the same and says the same, blank space at the end aside, which editors change. */
export async function isThere(tx: Tx, one: { workspaceId: string; ownerId: string; name: string; content: string }): Promise<boolean> {
  if (`${one.name}${one.content}`.includes('\0')) return false
  const row = await withVersion(tx)
    .where('prompt.workspace_id', '=', one.workspaceId)
    .where('prompt.owner_id', '=', one.ownerId)
    .where('prompt.deleted_at', 'is', null)
    .where('prompt.name', '=', one.name)
    .where(sql<boolean>`rtrim(prompt_version.content, E' \\t\\r\\n') = ${one.content.replace(/[ \t\r\n]+$/, '')}`)
    .select('prompt.id')
    .executeTakeFirst()
  return row !== undefined
}

export async function insert(tx: Tx, row: Pick<PromptRow, 'id' | 'workspace_id' | 'owner_id' | 'name' | 'visibility'>): Promise<void> {
  await tx.insertInto('prompt').values(row).execute()
}

interface Version {
  number: number
  content: string
  variables: PromptVariable[]
}

export async function insertVersion(
  tx: Tx,
  prompt: Pick<PromptRow, 'id' | 'workspace_id'>,
  { number, content, variables }: Version,
): Promise<void> {
  await tx
    .insertInto('prompt_version')
    .values({
      id: newId(),
      workspace_id: prompt.workspace_id,
      prompt_id: prompt.id,
      number,
      content,
      variables: JSON.stringify(variables),
    })
    .execute()
}

/** Of a version that nobody has used. */
export async function updateVersion(tx: Tx, promptId: string, { number, content, variables }: Version): Promise<void> {
  await tx
    .updateTable('prompt_version')
    .set({ content, variables: JSON.stringify(variables) })
    .where('prompt_id', '=', promptId)
    .where('number', '=', number)
    .where('used_at', 'is', null)
    .execute()
}

export async function update(
  tx: Tx,
  id: string,
  change: { name?: string; visibility?: 'own' | 'workspace'; version: number },
): Promise<void> {
  await tx
    .updateTable('prompt')
    .set({ ...change, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

/** Answers whether there is such a version. The prompt first, as whoever changes it locks it. */
export async function markUsed(tx: Tx, id: string, number: number): Promise<boolean> {
  await tx.updateTable('prompt').set({ used_at: sql`now()` }).where('id', '=', id).execute()
  const { numUpdatedRows } = await tx
    .updateTable('prompt_version')
    .set({ used_at: sql`coalesce(used_at, now())` })
    .where('prompt_id', '=', id)
    .where('number', '=', number)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function setDeleted(tx: Tx, id: string, isDeleted: boolean): Promise<void> {
  await tx
    .updateTable('prompt')
    .set({ deleted_at: isDeleted ? sql`now()` : null })
    .where('id', '=', id)
    .execute()
}

export async function removeDeleted(db: Db): Promise<void> {
  await db.deleteFrom('prompt').where('deleted_at', '<', sql<Date>`now() - interval '30 days'`).execute()
}
