import type { pages } from '../../../contract/pages.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { openPage } from './open-page.ts'
import type { PagesDeps } from './pages-deps.ts'
import { presentPage } from './present.ts'
import * as store from './store.ts'

type Input = InputOf<(typeof pages)['update']>

/** What is not named stays. The address and publishing are for who may share the page. Error: `page.slug_taken`. */
export async function updatePage(deps: Pick<PagesDeps, 'db'>, actor: Actor, { pageId, ...changes }: Input) {
  const { workspace_id: workspaceId } = await openPage(deps, actor, 'update', pageId)
  if (changes.slug !== undefined || changes.isPublished !== undefined) check(actor, 'page', 'share', { workspaceId, pageId })
  const row = await deps.db.transaction().execute(async (tx) => {
    if (changes.slug !== undefined) await store.lockSlugs(tx)
    const before = await store.lockPage(tx, pageId)
    if (!before) throw new AppError('page.not_found')
    if (changes.slug !== undefined && changes.slug !== before.slug) {
      if (await store.isSlugTaken(tx, changes.slug, pageId)) throw new AppError('page.slug_taken')
      await store.keepOldSlug(tx, before, changes.slug)
    }
    return store.updatePage(tx, pageId, { ...columnsOf(changes), slug: changes.slug, is_published: changes.isPublished })
  })
  return presentPage(row, actor)
}

function columnsOf({ socialLinks, theme, ...texts }: Omit<Input, 'pageId' | 'slug' | 'isPublished'>) {
  return {
    display_name: texts.displayName,
    email: texts.email,
    avatar_url: texts.avatarUrl,
    bio: texts.bio,
    tagline: texts.tagline,
    social_links: socialLinks && JSON.stringify(socialLinks),
    theme_config: theme && JSON.stringify(theme),
  }
}
