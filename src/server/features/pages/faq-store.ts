import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { PageFaqTable } from './tables.ts'

const columns = ['id', 'question', 'answer', 'category', 'sort_order', 'is_active', 'created_at', 'updated_at'] as const

export type FaqRow = Pick<Selectable<PageFaqTable>, (typeof columns)[number]>

export async function listFaq(db: Db | Tx, pageId: string): Promise<FaqRow[]> {
  return db.selectFrom('page_faq').select(columns).where('page_id', '=', pageId).orderBy('sort_order').orderBy('id').execute()
}

/** After the last one. */
export async function insertFaq(tx: Tx, entry: Insertable<PageFaqTable>): Promise<FaqRow> {
  return tx
    .insertInto('page_faq')
    .values({ ...entry, sort_order: sql`(select coalesce(max(sort_order) + 1, 0) from page_faq where page_id = ${entry.page_id})` })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

export async function updateFaq(db: Db, pageId: string, id: string, changes: Updateable<PageFaqTable>): Promise<FaqRow | undefined> {
  return db
    .updateTable('page_faq')
    .set({ ...changes, updated_at: new Date() })
    .where('page_id', '=', pageId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst()
}

export async function deleteFaq(db: Db, pageId: string, id: string): Promise<boolean> {
  const deleted = await db.deleteFrom('page_faq').where('page_id', '=', pageId).where('id', '=', id).executeTakeFirst()
  return deleted.numDeletedRows > 0n
}

export async function orderFaq(tx: Tx, pageId: string, ids: readonly string[]): Promise<void> {
  await sql`
    update page_faq set sort_order = place.number - 1
    from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) with ordinality as place (id, number)
    where page_faq.id = place.id::uuid and page_faq.page_id = ${pageId}`.execute(tx)
}
