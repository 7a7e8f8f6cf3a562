import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { PageLinkTable } from './tables.ts'

const columns = ['id', 'title', 'url', 'icon', 'description', 'sort_order', 'is_active', 'click_count', 'created_at', 'updated_at'] as const

export type LinkRow = Pick<Selectable<PageLinkTable>, (typeof columns)[number]>

export async function listLinks(db: Db | Tx, pageId: string): Promise<LinkRow[]> {
  return db.selectFrom('page_link').select(columns).where('page_id', '=', pageId).orderBy('sort_order').orderBy('id').execute()
}

/** After the last one. */
export async function insertLink(tx: Tx, link: Insertable<PageLinkTable>): Promise<LinkRow> {
  return tx
    .insertInto('page_link')
    .values({ ...link, sort_order: sql`(select coalesce(max(sort_order) + 1, 0) from page_link where page_id = ${link.page_id})` })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

export async function updateLink(db: Db, pageId: string, id: string, changes: Updateable<PageLinkTable>): Promise<LinkRow | undefined> {
  return db
    .updateTable('page_link')
    .set({ ...changes, updated_at: new Date() })
    .where('page_id', '=', pageId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst()
}

export async function deleteLink(db: Db, pageId: string, id: string): Promise<boolean> {
  const deleted = await db.deleteFrom('page_link').where('page_id', '=', pageId).where('id', '=', id).executeTakeFirst()
  return deleted.numDeletedRows > 0n
}

export async function orderLinks(tx: Tx, pageId: string, ids: readonly string[]): Promise<void> {
  await sql`
    update page_link set sort_order = place.number - 1
    from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) with ordinality as place (id, number)
    where page_link.id = place.id::uuid and page_link.page_id = ${pageId}`.execute(tx)
}

/** Counts one click and tells where it goes; only for what a stranger can see. */
export async function countClick(db: Db, slug: string, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ url: string }>`
    update page_link set click_count = click_count + 1 from page
    where page_link.id = ${id} and page_link.is_active and page.id = page_link.page_id and page.slug = ${slug} and page.is_published
    returning page_link.url`.execute(db)
  return rows[0]?.url
}

export async function findShownUrl(db: Db, slug: string, id: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('page_link')
    .innerJoin('page', 'page.id', 'page_link.page_id')
    .select('page_link.url')
    .where('page_link.id', '=', id)
    .where('page_link.is_active', '=', true)
    .where('page.slug', '=', slug)
    .where('page.is_published', '=', true)
    .executeTakeFirst()
  return row?.url
}
