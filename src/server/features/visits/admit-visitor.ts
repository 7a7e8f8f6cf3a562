import { guestActor } from '../../platform/auth/index.ts'
import { newId } from '../../platform/ids.ts'
import type { PageWithBot } from '../pages/index.ts'
import * as store from './store.ts'
import type { VisitDeps, Visitor } from './visit-deps.ts'
import { readVisitor, signVisitor } from './visitor-token.ts'

/** The visitor whom this server gave the token, on this page. */
export async function recogniseVisitor(
  deps: Pick<VisitDeps, 'db' | 'visitorSecret'>,
  page: PageWithBot,
  token: string | null | undefined,
  source: Visitor['source'],
): Promise<Visitor | undefined> {
  const id = token ? readVisitor(deps.visitorSecret, token, page.id) : undefined
  if (id === undefined || !(await store.hasVisitor(deps.db, { id, workspaceId: page.workspaceId, pageId: page.id }))) return undefined
  return visitorOf(id, page, source)
}

/** Issues an id. From one address so many an hour: each has limits of its own. Error: `request.rate_limited`. */
export async function admitVisitor(
  deps: Pick<VisitDeps, 'db' | 'visitorSecret' | 'limit'>,
  page: PageWithBot,
  source: Visitor['source'],
  address: string | null,
): Promise<{ visitor: Visitor; token: string }> {
  await deps.limit('new-visitor', address)
  const id = newId()
  await store.insertVisitor(deps.db, { id, workspaceId: page.workspaceId, pageId: page.id })
  return { visitor: visitorOf(id, page, source), token: signVisitor(deps.visitorSecret, id, page.id) }
}

function visitorOf(principalId: string, page: PageWithBot, source: Visitor['source']): Visitor {
  return { actor: guestActor({ kind: 'visitor', principalId, name: 'Visitor', workspaceId: page.workspaceId }), page, source }
}
