import type { PageContent } from '../../../page/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { getBot } from './bot-store.ts'
import { listFaq } from './faq-store.ts'
import { listLinks } from './link-store.ts'
import { presentContent } from './present.ts'
import type { PageRow } from './store.ts'

/** The whole of a page as strangers see it. */
export async function contentOf(db: Db, row: PageRow): Promise<PageContent> {
  const [links, faq, bot] = await Promise.all([listLinks(db, row.id), listFaq(db, row.id), getBot(db, row.id)])
  return presentContent(row, links, faq, bot)
}
