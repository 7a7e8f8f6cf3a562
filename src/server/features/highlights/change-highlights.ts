import type { Highlight, highlights as contract } from '../../../contract/highlights.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { requireConversation, requireMessage } from '../conversations/index.ts'
import type { Tell } from '../events/index.ts'
import { readerOf } from './list-highlights.ts'
import { presentHighlight } from './present.ts'
import { selectorHash } from './selector-hash.ts'
import * as store from './store.ts'

export interface HighlightDeps extends Pick<Deps, 'db'> {
  tell: Tell
}

/** Of one person in one message. */
const maxHighlights = 200

/** Marks a passage of a message that the actor may read. Whether it is there is for whoever draws it: the same text is drawn in many ways. */
export async function createHighlight(deps: HighlightDeps, actor: Actor, input: InputOf<typeof contract.create>): Promise<Highlight> {
  check(actor, 'message', 'update', 'own')
  const { id: conversationId, messageId, textQuote, start, end } = input
  if (start !== null && end !== null && end <= start)
    throw new AppError('request.invalid', { issues: [{ path: ['end'], message: 'must be after the start' }] })
  return transact(deps, actor, async (tx) => {
    const conversation = await requireConversation(tx, actor, conversationId)
    await requireMessage(tx, conversationId, messageId)
    if ((await store.countOfMessage(tx, actor.principalId, messageId)) >= maxHighlights) throw new AppError('highlight.too_many')
    const id = await store.put(tx, {
      id: newId(),
      workspace_id: conversation.workspace_id,
      message_id: messageId,
      user_id: actor.principalId,
      kind: input.kind,
      text_quote: textQuote,
      start_offset: start,
      end_offset: end,
      language: input.language,
      color: input.color,
      note: input.note || null,
      selector_hash: selectorHash(messageId, textQuote),
    })
    const highlight = await requireHighlight(tx, actor, id)
    return { result: highlight, highlight }
  })
}

export async function updateHighlight(deps: HighlightDeps, actor: Actor, input: InputOf<typeof contract.update>): Promise<Highlight> {
  check(actor, 'message', 'update', 'own')
  return transact(deps, actor, async (tx) => {
    await requireHighlight(tx, actor, input.id)
    await store.update(tx, input.id, {
      ...(input.color !== undefined && { color: input.color }),
      ...(input.note !== undefined && { note: input.note || null }),
      ...(input.isPinned !== undefined && { is_pinned: input.isPinned }),
    })
    const highlight = await requireHighlight(tx, actor, input.id)
    return { result: highlight, highlight }
  })
}

export async function deleteHighlight(deps: HighlightDeps, actor: Actor, id: string): Promise<{ ok: true }> {
  check(actor, 'message', 'update', 'own')
  return transact(deps, actor, async (tx) => {
    const highlight = await requireHighlight(tx, actor, id)
    await store.remove(tx, id)
    return { result: { ok: true as const }, highlight }
  })
}

async function requireHighlight(tx: Tx, actor: Actor, id: string): Promise<Highlight> {
  const row = await store.find(tx, readerOf(actor), id)
  if (!row) throw new AppError('highlight.not_found')
  return presentHighlight(row)
}

async function transact<Result>(
  deps: HighlightDeps,
  actor: Actor,
  work: (tx: Tx) => Promise<{ result: Result; highlight: Highlight }>,
): Promise<Result> {
  const { result, announce } = await deps.db.transaction().execute(async (tx) => {
    const { result: done, highlight } = await work(tx)
    const event = { type: 'highlights-changed', conversationId: highlight.conversationId } as const
    return { result: done, announce: await deps.tell(tx, [actor.principalId], event) }
  })
  announce()
  return result
}
