import type { Db, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import type { AgentPictureTable } from './tables.ts'

export type PictureRow = Pick<AgentPictureTable, 'id' | 'mime' | 'bytes'>
type Place = { id: string; workspace_id: string }

/** For whoever has found the agent in reach of the reader. */
export function findPicture(db: Db | Tx, agentId: string): Promise<PictureRow | undefined> {
  return db.selectFrom('agent_picture').select(['id', 'mime', 'bytes']).where('agent_id', '=', agentId).executeTakeFirst()
}

/** In place of the one that is there. */
export async function putPicture(tx: Tx, agent: Place, { mime, bytes }: Omit<PictureRow, 'id'>): Promise<void> {
  await removePicture(tx, agent.id)
  await tx.insertInto('agent_picture').values({ id: newId(), workspace_id: agent.workspace_id, agent_id: agent.id, mime, bytes }).execute()
}

export async function removePicture(tx: Tx, agentId: string): Promise<void> {
  await tx.deleteFrom('agent_picture').where('agent_id', '=', agentId).execute()
}
