import type { Highlight, highlights as contract } from '../../../contract/highlights.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { requireConversation } from '../conversations/index.ts'
import { presentHighlight } from './present.ts'
import * as store from './store.ts'

export const readerOf = (actor: Actor): store.Reader => ({ principalId: actor.principalId, workspaceIds: workspaceIdsOf(actor) })

/** The actor's own in a workspace, the newest first. */
export async function listHighlights(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: InputOf<typeof contract.list>,
): Promise<{ highlights: Highlight[]; nextCursor: string | null }> {
  const { workspaceId, limit } = input
  check(actor, 'message', 'read', { workspaceId })
  const rows = await store.list(deps.db, readerOf(actor), {
    workspaceId,
    kind: input.kind ?? null,
    color: input.color ?? null,
    isPinned: input.pinned ?? null,
    search: input.search || null,
    before: input.cursor ? readCursor(input.cursor) : null,
    limit: limit + 1,
  })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    highlights: page.map(presentHighlight),
    nextCursor: rows.length > limit && last ? `${last.created_at.getTime()}.${last.id}` : null,
  }
}

export async function listConversationHighlights(deps: Pick<Deps, 'db'>, actor: Actor, id: string): Promise<Highlight[]> {
  check(actor, 'message', 'read', 'own')
  await requireConversation(deps.db, actor, id)
  return (await store.listOfConversation(deps.db, readerOf(actor), id)).map(presentHighlight)
}

function readCursor(cursor: string): { at: Date; id: string } {
  const match = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (!match) throw new AppError('request.invalid', { issues: [{ path: ['cursor'], message: 'is not a cursor of this list' }] })
  return { at: new Date(Number(match[1])), id: match[2]! }
}
