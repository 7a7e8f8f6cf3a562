import { sql } from 'kysely'
import type { PromptVariable } from '../../../contract/prompt-text.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { Reader } from './store.ts'

export interface VersionRow {
  id: string
  prompt_id: string
  number: number
  name: string
  content: string
  variables: PromptVariable[]
  used_at: Date | null
  created_at: Date
}

const columns = [
  'prompt_version.id',
  'prompt_version.prompt_id',
  'prompt_version.number',
  'prompt.name',
  'prompt_version.content',
  'prompt_version.variables',
  'prompt_version.used_at',
  'prompt_version.created_at',
] as const

/** The reader's own, and of what is shared in their workspaces the versions that they could read at some time. */
const readable = (db: Db | Tx, { principalId, workspaceIds }: Reader) =>
  db
    .selectFrom('prompt_version')
    .innerJoin('prompt', 'prompt.id', 'prompt_version.prompt_id')
    .where('prompt.deleted_at', 'is', null)
    .where((where) =>
      where.or([
        where('prompt.owner_id', '=', principalId),
        ...(workspaceIds.length > 0
          ? [
              where.and([
                where('prompt.visibility', '=', 'workspace'),
                where('prompt.workspace_id', 'in', workspaceIds),
                where('prompt_version.shared_at', 'is not', null),
              ]),
            ]
          : []),
      ]),
    )
    .select(columns)

export async function findVersion(db: Db | Tx, reader: Reader, id: string): Promise<VersionRow | undefined> {
  return readable(db, reader).where('prompt_version.id', '=', id).executeTakeFirst()
}

/** The newest first, without their texts. */
export async function listVersions(
  db: Db,
  reader: Reader,
  wanted: { promptId: string; before: number | null; limit: number },
): Promise<VersionRow[]> {
  let query = readable(db, reader).where('prompt_version.prompt_id', '=', wanted.promptId)
  if (wanted.before !== null) query = query.where('prompt_version.number', '<', wanted.before)
  return query.orderBy('prompt_version.number', 'desc').limit(wanted.limit).execute()
}

export async function findNumber(tx: Tx, reader: Reader, promptId: string, number: number): Promise<VersionRow | undefined> {
  return readable(tx, reader)
    .where('prompt_version.prompt_id', '=', promptId)
    .where('prompt_version.number', '=', number)
    .executeTakeFirst()
}

/** Others could read the newest version from now on. */
export async function markShared(tx: Tx, promptId: string): Promise<void> {
  await sql`
    update prompt_version v set shared_at = now()
    from prompt p
    where p.id = ${promptId} and p.visibility = 'workspace' and v.prompt_id = p.id and v.number = p.version and v.shared_at is null
  `.execute(tx)
}
