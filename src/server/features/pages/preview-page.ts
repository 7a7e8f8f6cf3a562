import type { pages } from '../../../contract/pages.ts'
import { renderPreview } from '../../../page/index.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { contentOf } from './content-of.ts'
import { openPage } from './open-page.ts'
import type { PagesDeps } from './pages-deps.ts'
import { styleAddress } from './style-address.ts'

/** The page as it would look with these values. Saves nothing. */
export async function previewPage(deps: Pick<PagesDeps, 'db'>, actor: Actor, { pageId, ...draft }: InputOf<(typeof pages)['preview']>) {
  const row = await openPage(deps, actor, 'read', pageId)
  const saved = await contentOf(deps.db, row)
  const given = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined))
  const content = { ...saved, ...given }
  return { html: renderPreview(content, styleAddress(content.theme)) }
}
