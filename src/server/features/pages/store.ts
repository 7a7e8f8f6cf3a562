import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { PageTable } from './tables.ts'

const columns = [
  'id',
  'workspace_id',
  'slug',
  'display_name',
  'email',
  'avatar_url',
  'bio',
  'tagline',
  'social_links',
  'theme_config',
  'is_published',
  'created_at',
  'updated_at',
] as const

export type PageRow = Pick<Selectable<PageTable>, (typeof columns)[number]>

export async function findPage(db: Db | Tx, id: string): Promise<PageRow | undefined> {
  return db.selectFrom('page').select(columns).where('id', '=', id).executeTakeFirst()
}

/** Makes whoever changes the page at the same time wait. */
export async function lockPage(tx: Tx, id: string): Promise<PageRow | undefined> {
  return tx.selectFrom('page').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()
}

/** The pages of these workspaces, and these pages. */
export async function listPages(db: Db, workspaceIds: string[], pageIds: string[]): Promise<PageRow[]> {
  return db
    .selectFrom('page')
    .select(columns)
    .where((where) =>
      where.or([
        ...(workspaceIds.length > 0 ? [where('workspace_id', 'in', workspaceIds)] : []),
        ...(pageIds.length > 0 ? [where('id', 'in', pageIds)] : []),
      ]),
    )
    .orderBy('display_name')
    .orderBy('id')
    .execute()
}

/** Undefined: the workspace has one already. */
export async function insertPage(tx: Tx, page: Insertable<PageTable>): Promise<PageRow | undefined> {
  return tx
    .insertInto('page')
    .values(page)
    .onConflict((conflict) => conflict.column('workspace_id').doNothing())
    .returning(columns)
    .executeTakeFirst()
}

export async function updatePage(tx: Tx, id: string, changes: Updateable<PageTable>): Promise<PageRow> {
  return tx
    .updateTable('page')
    .set({ ...changes, updated_at: new Date() })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow()
}

export async function deletePage(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('page').where('id', '=', id).execute()
}

/** One change of an address at a time: present and former ones stand in two tables, which no index spans. */
export async function lockSlugs(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('page slugs'))`.execute(tx)
}

/** Whether another page has the address, or had it before. */
export async function isSlugTaken(tx: Tx, slug: string, pageId: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select 1 from page where slug = ${slug} and id <> ${pageId})
      or exists (select 1 from page_slug_redirect where slug = ${slug} and page_id <> ${pageId}) as taken`.execute(tx)
  return rows[0]!.taken
}

/** The old address leads to the page from now on, the new one no longer does. */
export async function keepOldSlug(tx: Tx, { id, workspace_id, slug }: PageRow, next: string): Promise<void> {
  await tx.deleteFrom('page_slug_redirect').where('page_id', '=', id).where('slug', '=', next).execute()
  await tx
    .insertInto('page_slug_redirect')
    .values({ slug, workspace_id, page_id: id })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function findPublished(db: Db, slug: string): Promise<PageRow | undefined> {
  return db.selectFrom('page').select(columns).where('slug', '=', slug).where('is_published', '=', true).executeTakeFirst()
}

export async function findPublishedOf(db: Db, workspaceId: string): Promise<PageRow | undefined> {
  return db.selectFrom('page').select(columns).where('workspace_id', '=', workspaceId).where('is_published', '=', true).executeTakeFirst()
}

export async function findMoved(db: Db, slug: string): Promise<PageRow | undefined> {
  const moved = await findNewSlug(db, slug)
  return moved === undefined ? undefined : findPublished(db, moved)
}

/** Where a former address leads now. */
export async function findNewSlug(db: Db, slug: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('page_slug_redirect')
    .innerJoin('page', 'page.id', 'page_slug_redirect.page_id')
    .select('page.slug')
    .where('page_slug_redirect.slug', '=', slug)
    .where('page.is_published', '=', true)
    .executeTakeFirst()
  return row?.slug
}
