import { sql } from 'kysely'
import type { Provider } from '../../../contract/models.ts'
import type { Db } from '../../platform/db/index.ts'
import type { StoredPart } from '../conversations/index.ts'

/** A message of the path that a model reads. */
export interface PathMessage {
  role: 'user' | 'assistant' | 'system'
  parts: StoredPart[]
  /** The provider that wrote it: its signatures mean nothing to another. */
  provider: Provider | null
}

/** More of a conversation than any model reads at once; what does not fit its context is cut further. */
const maxMessages = 400

/** The path that ends at a message, that message included, oldest first: an index range scan for each branch it runs through. */
export async function readPath(db: Db, conversationId: string, leafId: string): Promise<PathMessage[]> {
  const { rows } = await sql<PathMessage>`
    with recursive leaf as (
      select branch_id, depth from message where id = ${leafId} and conversation_id = ${conversationId}
    ), chain as (
      select b.id, b.parent_branch_id, b.fork_depth, leaf.depth as until, leaf.depth - ${maxMessages}::int as since from leaf join branch b on b.id = leaf.branch_id
      union all
      select p.id, p.parent_branch_id, p.fork_depth, c.fork_depth - 1, c.since from chain c join branch p on p.id = c.parent_branch_id where c.fork_depth > c.since
    )
    select m.role, m.parts, s.provider
    from chain c
    join message m on m.conversation_id = ${conversationId} and m.branch_id = c.id and m.depth between greatest(c.fork_depth, c.since) and c.until
    left join turn n on n.id = m.turn_id
    left join settings_snapshot s on s.id = n.settings_id
    order by m.depth
  `.execute(db)
  return rows
}
