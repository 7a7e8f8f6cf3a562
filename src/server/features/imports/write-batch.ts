import type { ImportNotes, ImportOutcome, ImportReason } from '../../../contract/imports.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { extendImported, type ImportedConversation, type PlacedMessage, placeKey, writeImported } from '../conversations/index.ts'
import type { ReadItem } from './archive/read-archive.ts'
import * as store from './conversation-store.ts'
import type { ImportRow } from './store.ts'
import type { TidyConversation } from './tidy-conversation.ts'

export interface ItemReport {
  position: number
  outcome: ImportOutcome
  title: string
  conversation_id: string | null
  messages: number
  reason: ImportReason | null
  notes: ImportNotes
}

interface Candidate {
  position: number
  conversation: TidyConversation
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const keyOf = ({ source, externalId }: { source: string; externalId: string }): string => `${source} ${externalId}`

/** Writes what is new of these conversations, and says of each what became of it. No two of them are the same one. */
export async function writeBatch(tx: Tx, owner: ImportRow, items: readonly ReadItem[]): Promise<ItemReport[]> {
  const reports: ItemReport[] = []
  const candidates: Candidate[] = []
  for (const { position, read } of items) {
    if (typeof read === 'string') reports.push(report(position, 'failed', '', read))
    else candidates.push({ position, conversation: read })
  }
  await store.lockOwner(tx, owner)
  const known = new Map(
    (
      await store.lockKnown(
        tx,
        owner,
        candidates.map(({ conversation }) => conversation),
      )
    ).map((row) => [keyOf({ source: row.source, externalId: row.external_id }), row]),
  )
  const ownIds = candidates.flatMap(({ conversation: { source, externalId } }) =>
    source === 'parley' && uuid.test(externalId) ? [externalId] : [],
  )
  const originals = new Map((await store.findOriginals(tx, owner, ownIds)).map(({ id, is_deleted: isDeleted }) => [id, isDeleted]))
  const places = byConversation(
    await store.listPlaces(
      tx,
      [...known.values()].flatMap((row) => (row.state === 'kept' ? [row.conversation_id] : [])),
    ),
  )

  const fresh: { position: number; made: ImportedConversation; from: TidyConversation }[] = []
  for (const { position, conversation } of candidates) {
    const row = known.get(keyOf(conversation))
    const isDeleted = originals.get(conversation.externalId.toLowerCase())
    if (conversation.messages.length === 0) reports.push(report(position, 'skipped', conversation, 'no_messages'))
    else if (row?.state === 'in_trash') reports.push(report(position, 'skipped', conversation, 'in_trash', row.conversation_id))
    else if (row?.state === 'kept')
      reports.push(await extend(tx, owner, position, conversation, row, places.get(row.conversation_id) ?? []))
    else if (conversation.source === 'parley' && isDeleted !== undefined)
      reports.push(report(position, 'skipped', conversation, isDeleted ? 'in_trash' : 'is_here', conversation.externalId))
    else
      fresh.push({
        position,
        made: { ...conversation, id: newId(), workspaceId: owner.workspace_id, ownerId: owner.owner_id },
        from: conversation,
      })
  }
  if (fresh.length > 0) {
    await store.forgetImported(
      tx,
      [...known.values()].flatMap((row) => (row.state === 'gone' ? [row.conversation_id] : [])),
    )
    await writeImported(
      tx,
      fresh.map(({ made }) => made),
    )
    await store.noteImported(
      tx,
      owner,
      fresh.map(({ made: { id: conversationId }, from: { source, externalId } }) => ({ conversationId, source, externalId })),
    )
  }
  for (const { position, made, from } of fresh)
    reports.push({ ...report(position, 'imported', from, null, made.id), messages: made.messages.length })
  return reports
}

/** What a longer archive has more of a conversation, unless its owner went on with it here. */
async function extend(
  tx: Tx,
  owner: ImportRow,
  position: number,
  conversation: TidyConversation,
  row: store.KnownRow,
  places: readonly store.PlaceRow[],
): Promise<ItemReport> {
  const placed = new Map<string, PlacedMessage>()
  const taken = new Set<string>()
  for (const place of places) {
    const { conversation_id: conversationId, branch_id: branchId, depth } = place
    taken.add(placeKey(conversationId, branchId, depth))
    if (place.external_id !== null) placed.set(place.external_id, { id: place.id, branchId, depth })
  }
  const count = conversation.messages.filter(({ id }) => !placed.has(id)).length
  if (count === 0) return report(position, 'unchanged', conversation, null, row.conversation_id)
  if (places.some((place) => place.external_id === null || place.is_deleted))
    return report(position, 'skipped', conversation, 'changed_here', row.conversation_id)
  const extended = { ...conversation, id: row.conversation_id, workspaceId: owner.workspace_id, ownerId: owner.owner_id }
  await extendImported(tx, extended, { placed, taken, nextSerial: row.next_serial })
  return { ...report(position, 'extended', conversation, null, row.conversation_id), messages: count }
}

export function report(
  position: number,
  outcome: ImportOutcome,
  of: TidyConversation | '',
  reason: ImportReason | null,
  conversationId: string | null = null,
): ItemReport {
  return {
    position,
    outcome,
    title: of === '' ? '' : of.title,
    conversation_id: conversationId,
    messages: 0,
    reason,
    notes: of === '' ? {} : of.notes,
  }
}

function byConversation(rows: readonly store.PlaceRow[]): Map<string, store.PlaceRow[]> {
  const found = new Map<string, store.PlaceRow[]>()
  for (const row of rows) {
    const list = found.get(row.conversation_id)
    if (list) list.push(row)
    else found.set(row.conversation_id, [row])
  }
  return found
}
