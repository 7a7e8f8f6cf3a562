import type { pages } from '../../../contract/pages.ts'
import { renderPreview } from '../../../page/index.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { listFaq } from './faq-store.ts'
import { listLinks } from './link-store.ts'
import { openPage } from './open-page.ts'
import type { PagesDeps } from './pages-deps.ts'
import { presentContent } from './present.ts'
import { styleAddress } from './style-address.ts'

/** The page as it would look with these values. Saves nothing. */
export async function previewPage(deps: Pick<PagesDeps, 'db'>, actor: Actor, { pageId, ...draft }: InputOf<(typeof pages)['preview']>) {
  const row = await openPage(deps, actor, 'read', pageId)
  const saved = presentContent(row, await listLinks(deps.db, pageId), await listFaq(deps.db, pageId))
  const given = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined))
  const content = { ...saved, ...given }
  return { html: renderPreview(content, styleAddress(content.theme)) }
}
