import { sql } from 'kysely'
import type { ConversationChoices } from '../../../contract/conversation-settings.ts'
import type { Feedback } from '../../../contract/messages.ts'
import { systemPrincipalId } from '../../platform/auth/index.ts'
import { storableJson, type Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'

/** A message that was said elsewhere, under the id it has there. */
export interface ImportedMessage {
  id: string
  parentId: string | null
  role: 'user' | 'assistant' | 'system'
  /** `StoredPart[]` as JSON that the database takes: where it begins in `texts`, and how long it is. */
  partsAt: number
  partsLength: number
  model: string | null
  at: Date
  feedback: Feedback | null
}

export interface ImportedConversation {
  id: string
  workspaceId: string
  ownerId: string
  title: string
  createdAt: Date
  updatedAt: Date
  /** Null: the last message. */
  headId: string | null
  isPinned: boolean
  isArchived: boolean
  tags: readonly string[]
  settings: ConversationChoices | null
  /** How it is shown in lists. */
  preview: string | null
  /** Parts of the messages, as UTF-8 one after the other: bytes, since millions of short-lived strings are what memory grows by. */
  texts: Uint8Array
  /** Parents before what follows them, versions of one place in their order. */
  messages: readonly ImportedMessage[]
}

/** Where a message stands that is there already. */
export interface PlacedMessage {
  id: string
  branchId: string
  depth: number
}

/** A statement holds so many bytes of messages, or so many messages. */
const bytesAtOnce = 4_000_000
const messagesAtOnce = 2_000

/** Writes whole conversations: a few statements for all of them, however many messages they have. */
export async function writeImported(tx: Tx, conversations: readonly ImportedConversation[]): Promise<void> {
  const rows = new Rows()
  const values = conversations.map((conversation) => {
    const placed = new Map<string, PlacedMessage>()
    for (const [index, message] of conversation.messages.entries()) rows.add(conversation, placed, message, index + 1)
    const head = conversation.messages.findLast(({ id }) => id === conversation.headId) ?? conversation.messages.at(-1)
    return {
      id: conversation.id,
      workspace_id: conversation.workspaceId,
      owner_id: conversation.ownerId,
      title: storableText(conversation.title),
      created_at: conversation.createdAt,
      updated_at: conversation.updatedAt,
      head_id: head ? placed.get(head.id)!.id : null,
      next_serial: conversation.messages.length + 1,
      preview: conversation.preview,
      pinned_at: conversation.isPinned ? conversation.updatedAt : null,
      archived_at: conversation.isArchived ? conversation.updatedAt : null,
      tags: conversation.tags.map(storableText),
    }
  })
  // `own`: nobody asks a model for the title of what was said elsewhere.
  await sql`
    insert into conversation (id, workspace_id, owner_id, source, title, title_state, head_id, next_serial, last_message_preview, pinned_at, archived_at, tags, created_at, updated_at)
    select id, workspace_id, owner_id, 'web', title, 'own', head_id, next_serial, preview, pinned_at, archived_at, array(select jsonb_array_elements_text(tags)), created_at, updated_at
    from jsonb_to_recordset(${storableJson(values)}::jsonb) as r (id uuid, workspace_id uuid, owner_id uuid, title text, created_at timestamptz, updated_at timestamptz, head_id uuid,
      next_serial int, preview text, pinned_at timestamptz, archived_at timestamptz, tags jsonb)
  `.execute(tx)
  await rows.write(tx)
  const settings = conversations.flatMap(({ id, workspaceId, settings }) => (settings ? [{ id, workspaceId, ...settings }] : []))
  if (settings.length > 0)
    await sql`
      insert into conversation_settings (conversation_id, workspace_id, system_prompt, temperature, max_tokens, top_p, thinking, web_search)
      select id, "workspaceId", "systemPrompt", temperature, "maxTokens", "topP", thinking, "webSearch"
      from jsonb_to_recordset(${storableJson(settings)}::jsonb) as r (id uuid, "workspaceId" uuid, "systemPrompt" text, temperature float8, "maxTokens" int, "topP" float8, thinking text, "webSearch" text)
    `.execute(tx)
}

/** Adds messages to a conversation that is locked and was imported before. `placed` holds what is there, by its id elsewhere; `taken` every place in it. */
export async function extendImported(
  tx: Tx,
  conversation: ImportedConversation,
  there: { placed: Map<string, PlacedMessage>; taken: ReadonlySet<string>; nextSerial: number },
): Promise<void> {
  const rows = new Rows(there.taken)
  const fresh = conversation.messages.filter(({ id }) => !there.placed.has(id))
  for (const [index, message] of fresh.entries()) rows.add(conversation, there.placed, message, there.nextSerial + index)
  await rows.write(tx)
  const head = conversation.messages.findLast(({ id }) => id === conversation.headId) ?? fresh.at(-1)!
  await sql`
    update conversation set head_id = ${there.placed.get(head.id)!.id}, next_serial = ${there.nextSerial + fresh.length}, last_message_preview = ${conversation.preview},
      updated_at = greatest(updated_at, ${conversation.updatedAt}::timestamptz)
    where id = ${conversation.id}
  `.execute(tx)
}

/** The place of a message in a conversation, for `taken`. */
export const placeKey = (conversationId: string, branchId: string, depth: number): string => `${conversationId} ${branchId} ${depth}`

/** Rows of branches and messages, column by column, as they go to `unnest`. */
class Rows {
  readonly #branches = {
    id: [] as string[],
    workspace: [] as string[],
    conversation: [] as string[],
    parent: [] as (string | null)[],
    depth: [] as number[],
  }
  readonly #messages: MessageRow[] = []
  readonly #feedback: {
    id: string
    workspaceId: string
    messageId: string
    principalId: string
    value: string
    reason: string | null
    at: Date
  }[] = []
  readonly #taken: Set<string>

  constructor(taken: ReadonlySet<string> = new Set()) {
    this.#taken = new Set(taken)
  }

  /** A first child goes on in its parent's branch, every further one opens a new one. */
  add(conversation: ImportedConversation, placed: Map<string, PlacedMessage>, message: ImportedMessage, serial: number): void {
    const { id: conversationId, workspaceId, ownerId } = conversation
    const parent = message.parentId === null ? undefined : placed.get(message.parentId)
    const depth = parent ? parent.depth + 1 : 0
    let branchId = parent?.branchId
    if (branchId === undefined || this.#taken.has(placeKey(conversationId, branchId, depth))) {
      branchId = newId()
      const branches = this.#branches
      branches.id.push(branchId)
      branches.workspace.push(workspaceId)
      branches.conversation.push(conversationId)
      branches.parent.push(parent?.branchId ?? null)
      branches.depth.push(depth)
    }
    this.#taken.add(placeKey(conversationId, branchId, depth))
    const id = newId()
    placed.set(message.id, { id, branchId, depth })
    this.#messages.push({
      id,
      workspaceId,
      conversationId,
      parentId: parent?.id ?? null,
      branchId,
      depth,
      serial,
      authorId: message.role === 'assistant' ? systemPrincipalId : ownerId,
      role: message.role,
      texts: conversation.texts,
      partsAt: message.partsAt,
      partsLength: message.partsLength,
      externalId: storableText(message.id),
      modelName: message.model && storableText(message.model),
      at: message.at,
    })
    if (message.feedback)
      this.#feedback.push({ id: newId(), workspaceId, messageId: id, principalId: ownerId, ...message.feedback, at: message.at })
  }

  async write(tx: Tx): Promise<void> {
    const b = this.#branches
    if (b.id.length > 0)
      await sql`
        insert into branch (id, workspace_id, conversation_id, parent_branch_id, fork_depth)
        select * from unnest(${b.id}::uuid[], ${b.workspace}::uuid[], ${b.conversation}::uuid[], ${b.parent}::uuid[], ${b.depth}::int[])
      `.execute(tx)
    for (const { rows, bytes, starts } of slicesOf(this.#messages)) {
      const column = <Value>(of: (row: MessageRow) => Value): Value[] => rows.map(of)
      await sql`
        insert into message (id, workspace_id, conversation_id, parent_id, branch_id, depth, serial, author_id, role, parts, external_id, model_name, created_at)
        select id, workspace_id, conversation_id, parent_id, branch_id, depth, serial, author_id, role, convert_from(substr(${bytes}::bytea, start, length), 'UTF8')::jsonb,
          external_id, model_name, created_at
        from unnest(${column((r) => r.id)}::uuid[], ${column((r) => r.workspaceId)}::uuid[], ${column((r) => r.conversationId)}::uuid[],
          ${column((r) => r.parentId)}::uuid[], ${column((r) => r.branchId)}::uuid[], ${column((r) => r.depth)}::int[], ${column((r) => r.serial)}::int[],
          ${column((r) => r.authorId)}::uuid[], ${column((r) => r.role)}::text[], ${starts}::int[], ${column((r) => r.partsLength)}::int[],
          ${column((r) => r.externalId)}::text[], ${column((r) => r.modelName)}::text[], ${column((r) => r.at.toISOString())}::timestamptz[])
          as r (id, workspace_id, conversation_id, parent_id, branch_id, depth, serial, author_id, role, start, length, external_id, model_name, created_at)
      `.execute(tx)
    }
    if (this.#feedback.length > 0)
      await sql`
        insert into message_feedback (id, workspace_id, message_id, principal_id, value, reason, created_at)
        select id, "workspaceId", "messageId", "principalId", value, reason, at
        from jsonb_to_recordset(${storableJson(this.#feedback)}::jsonb) as r (id uuid, "workspaceId" uuid, "messageId" uuid, "principalId" uuid, value text, reason text, at timestamptz)
      `.execute(tx)
  }
}

interface MessageRow {
  id: string
  workspaceId: string
  conversationId: string
  parentId: string | null
  branchId: string
  depth: number
  serial: number
  authorId: string
  role: string
  texts: Uint8Array
  partsAt: number
  partsLength: number
  externalId: string
  modelName: string | null
  at: Date
}

interface Slice {
  rows: MessageRow[]
  bytes: Buffer
  /** Where the parts of each row begin in `bytes`, counted from 1. */
  starts: number[]
}

/** As many rows as one statement takes, with the bytes of their parts. */
function* slicesOf(messages: readonly MessageRow[]): Generator<Slice> {
  let from = 0
  let size = 0
  for (const [index, { partsLength }] of messages.entries()) {
    if (index > from && (index - from >= messagesAtOnce || size + partsLength > bytesAtOnce)) {
      yield sliceOf(messages.slice(from, index), size)
      from = index
      size = 0
    }
    size += partsLength
  }
  if (messages.length > from) yield sliceOf(messages.slice(from), size)
}

function sliceOf(rows: MessageRow[], size: number): Slice {
  const bytes = Buffer.allocUnsafe(size)
  const starts: number[] = []
  let at = 0
  for (const { texts, partsAt, partsLength } of rows) {
    bytes.set(texts.subarray(partsAt, partsAt + partsLength), at)
    starts.push(at + 1)
    at += partsLength
  }
  return { rows, bytes, starts }
}

const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')
