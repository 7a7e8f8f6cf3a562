import { bots } from '../../../contract/bots.ts'
import { pageFaq, pageLinks, pageRoles, pages } from '../../../contract/pages.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { getBot, updateBot } from './bot.ts'
import * as faq from './change-faq.ts'
import * as links from './change-links.ts'
import { createPage } from './create-page.ts'
import { deletePage } from './delete-page.ts'
import { getPage } from './get-page.ts'
import { listPages } from './list-pages.ts'
import { grantRole, listRoles, revokeRole } from './page-roles.ts'
import type { PagesDeps } from './pages-deps.ts'
import { previewPage } from './preview-page.ts'
import { dismissUnanswered, listUnanswered } from './unanswered.ts'
import { updatePage } from './update-page.ts'

interface PageContract {
  pages: typeof pages
  pageLinks: typeof pageLinks
  pageFaq: typeof pageFaq
  pageRoles: typeof pageRoles
  bots: typeof bots
}

export const pageRoutes = (deps: PagesDeps): Routes<PageContract> => ({
  pages: {
    list: handle(pages.list, (actor) => listPages(deps, actor)),
    create: handle(pages.create, (actor, input) => createPage(deps, actor, input)),
    get: handle(pages.get, (actor, { pageId }) => getPage(deps, actor, pageId)),
    update: handle(pages.update, (actor, input) => updatePage(deps, actor, input)),
    delete: handle(pages.delete, (actor, { pageId }) => deletePage(deps, actor, pageId)),
    preview: handle(pages.preview, (actor, input) => previewPage(deps, actor, input)),
  },
  pageLinks: {
    list: handle(pageLinks.list, (actor, { pageId }) => links.listLinks(deps, actor, pageId)),
    create: handle(pageLinks.create, (actor, input) => links.createLink(deps, actor, input)),
    update: handle(pageLinks.update, (actor, input) => links.updateLink(deps, actor, input)),
    delete: handle(pageLinks.delete, (actor, input) => links.deleteLink(deps, actor, input)),
    reorder: handle(pageLinks.reorder, (actor, input) => links.reorderLinks(deps, actor, input)),
  },
  pageFaq: {
    list: handle(pageFaq.list, (actor, { pageId }) => faq.listFaq(deps, actor, pageId)),
    create: handle(pageFaq.create, (actor, input) => faq.createFaq(deps, actor, input)),
    update: handle(pageFaq.update, (actor, input) => faq.updateFaq(deps, actor, input)),
    delete: handle(pageFaq.delete, (actor, input) => faq.deleteFaq(deps, actor, input)),
    reorder: handle(pageFaq.reorder, (actor, input) => faq.reorderFaq(deps, actor, input)),
  },
  pageRoles: {
    list: handle(pageRoles.list, (actor, { pageId }) => listRoles(deps, actor, pageId)),
    grant: handle(pageRoles.grant, (actor, input) => grantRole(deps, actor, input)),
    revoke: handle(pageRoles.revoke, (actor, input) => revokeRole(deps, actor, input)),
  },
  bots: {
    get: handle(bots.get, (actor, { pageId }) => getBot(deps, actor, pageId)),
    update: handle(bots.update, (actor, input) => updateBot(deps, actor, input)),
    listUnanswered: handle(bots.listUnanswered, (actor, { pageId }) => listUnanswered(deps, actor, pageId)),
    dismissUnanswered: handle(bots.dismissUnanswered, (actor, input) => dismissUnanswered(deps, actor, input)),
  },
})
