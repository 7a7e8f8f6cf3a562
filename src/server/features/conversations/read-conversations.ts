import type { ChildConversation, Conversation } from '../../../contract/conversations.ts'
import type { Message } from '../../../contract/messages.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { listChildIds } from './child-store.ts'
import { readCursor, writeCursor } from './list-cursor.ts'
import { listFeedback } from './feedback-store.ts'
import { presentConversation, presentMessage } from './present.ts'
import * as messageStore from './message-store.ts'
import * as store from './store.ts'

export function viewerOf(actor: Actor): store.Viewer {
  return { principalId: actor.principalId, workspaceIds: workspaceIdsOf(actor) }
}

export async function requireConversation(db: Db | Tx, actor: Actor, id: string): Promise<store.ConversationRow> {
  const row = await store.find(db, viewerOf(actor), id)
  if (!row) throw new AppError('conversation.not_found')
  return row
}

export async function getConversation(deps: Pick<Deps, 'db'>, actor: Actor, id: string): Promise<Conversation> {
  check(actor, 'conversation', 'read', 'own')
  return presentConversation(await requireConversation(deps.db, actor, id))
}

export async function listConversations(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: {
    workspaceId: string
    cursor?: string | undefined
    limit: number
    search?: string | undefined
    tag?: string | undefined
    status: 'active' | 'archived'
  },
): Promise<{ conversations: Conversation[]; nextCursor: string | null }> {
  check(actor, 'conversation', 'read', { workspaceId: input.workspaceId })
  const rows = await store.list(deps.db, viewerOf(actor), {
    workspaceId: input.workspaceId,
    before: input.cursor ? readCursor(input.cursor) : null,
    limit: input.limit + 1,
    isArchived: input.status === 'archived',
    tag: input.tag ?? null,
    search: input.search || null,
  })
  const page = rows.slice(0, input.limit)
  const last = page.at(-1)
  return {
    conversations: page.map(presentConversation),
    nextCursor: rows.length > input.limit && last ? writeCursor(last.pinned_at !== null, last.updated_at, last.id) : null,
  }
}

/** A window of the shown path. Costs the same wherever it is and however long the conversation. */
export async function listMessages(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: { id: string; before?: number | undefined; after?: number | undefined; around?: string | undefined; limit: number },
): Promise<{ messages: Message[]; hasBefore: boolean; hasAfter: boolean; pathLength: number }> {
  check(actor, 'message', 'read', 'own')
  const conversation = await requireConversation(deps.db, actor, input.id)
  const leaf = conversation.head_id ? await messageStore.findMessage(deps.db, input.id, conversation.head_id) : undefined
  const middle = input.around ? await messageStore.findMessage(deps.db, input.id, input.around) : undefined
  if (input.around && !(leaf && middle && (await messageStore.isOnPath(deps.db, leaf, middle)))) throw new AppError('message.not_found')
  if (!leaf) return { messages: [], hasBefore: false, hasAfter: false, pathLength: 0 }

  const after = middle === undefined ? input.after : Math.max(-1, middle.depth - Math.ceil(input.limit / 2) - 1)
  const isForward = after !== undefined
  const from = isForward ? after + 1 : Math.max(0, Math.min(input.before ?? leaf.depth + 1, leaf.depth + 1) - input.limit)
  const to = isForward ? Math.min(from + input.limit - 1, leaf.depth) : Math.min((input.before ?? leaf.depth + 1) - 1, leaf.depth)
  const rows = to < from ? [] : await messageStore.listPath(deps.db, input.id, leaf, { from, to })
  return {
    messages: await presented(deps.db, actor, input.id, rows),
    hasBefore: from > 0,
    hasAfter: to < leaf.depth,
    pathLength: leaf.depth + 1,
  }
}

const maxChildren = 200

/** What the messages of a conversation began. */
export async function listChildren(deps: Pick<Deps, 'db'>, actor: Actor, id: string): Promise<ChildConversation[]> {
  check(actor, 'conversation', 'read', 'own')
  await requireConversation(deps.db, actor, id)
  const children = await listChildIds(deps.db, id, maxChildren)
  const rows = new Map(
    (
      await store.findAll(
        deps.db,
        viewerOf(actor),
        children.map((child) => child.id),
      )
    ).map((row) => [row.id, row]),
  )
  return children.flatMap(({ id: childId, state }) => {
    const row = rows.get(childId)
    return row ? [{ conversation: presentConversation(row), state }] : []
  })
}

const maxSiblings = 50

/** The versions at the place of a message, to be compared. */
export async function listSiblings(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: { id: string; messageId: string },
): Promise<{ messages: Message[] }> {
  check(actor, 'message', 'read', 'own')
  await requireConversation(deps.db, actor, input.id)
  const message = await messageStore.findMessage(deps.db, input.id, input.messageId)
  if (!message) throw new AppError('message.not_found')
  const rows = await messageStore.listChildren(deps.db, input.id, message.parent_id, maxSiblings)
  return { messages: await presented(deps.db, actor, input.id, rows) }
}

async function presented(db: Db, actor: Actor, id: string, rows: messageStore.MessageRow[]): Promise<Message[]> {
  const parents = [...new Set(rows.map((row) => row.parent_id))]
  const turnIds = rows.flatMap((row) => row.turn_id ?? [])
  const answerIds = rows.flatMap((row) => (row.role === 'assistant' ? row.id : []))
  const [siblings, answers, feedback] = await Promise.all([
    messageStore.listSiblings(db, id, parents),
    messageStore.listAnswers(db, turnIds),
    listFeedback(db, actor.principalId, answerIds),
  ])
  const answerOf = new Map(answers.map((answer) => [answer.turn_id, answer]))
  return rows.map((row) => presentMessage(row, siblings, row.turn_id ? answerOf.get(row.turn_id) : undefined, feedback.get(row.id)))
}
