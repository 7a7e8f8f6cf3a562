import type { PageContent } from '../../../page/index.ts'
import { contentOf } from './content-of.ts'
import * as links from './link-store.ts'
import type { PagesDeps } from './pages-deps.ts'
import * as store from './store.ts'

export type Shown = { kind: 'page'; content: PageContent } | { kind: 'moved'; slug: string } | { kind: 'missing' }

/** What a stranger finds at an address. A page that is not published is not there. */
export async function showPage(deps: Pick<PagesDeps, 'db'>, slug: string): Promise<Shown> {
  const row = await store.findPublished(deps.db, slug)
  if (row) return { kind: 'page', content: await contentOf(deps.db, row) }
  const moved = await store.findNewSlug(deps.db, slug)
  return moved === undefined ? { kind: 'missing' } : { kind: 'moved', slug: moved }
}

/** Where a link of a published page leads, also by a former address of it. Whoever follows it is counted; whoever only looks (a preview, a check) is not. */
export async function followLink(
  deps: Pick<PagesDeps, 'db'>,
  slug: string,
  linkId: string,
  isCounted: boolean,
): Promise<string | undefined> {
  const follow = (at: string) => (isCounted ? links.countClick(deps.db, at, linkId) : links.findShownUrl(deps.db, at, linkId))
  const url = await follow(slug)
  const moved = url === undefined ? await store.findNewSlug(deps.db, slug) : undefined
  return moved === undefined ? url : follow(moved)
}
