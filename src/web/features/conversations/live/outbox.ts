import { useSyncExternalStore } from 'react'
import type { ConversationId, UserId } from '../../../../contract/ids.ts'
import type { StartedTurn } from '../../../../contract/turns.ts'
import { toApiError } from '../../../errors.ts'
import { newKey } from '../../../new-key.ts'
import { socket } from './live.ts'
import { needsNewKey, readSending, type Sending, writeSending } from './sending.ts'

type NewSending = Pick<Sending, 'conversationId' | 'text'> &
  Partial<Pick<Sending, 'files' | 'depth' | 'parentId' | 'tryAgain' | 'continueFrom' | 'modelId'>>
type Accepted = (sending: Sending, started: StartedTurn) => void

const prefix = 'parley.outbox.'

let entries: readonly Sending[] = []
let onAccepted: Accepted = () => undefined
let userId: UserId | undefined
const listeners = new Set<() => void>()
const aborts = new Map<string, AbortController>()

/** Each entry is kept by itself, so that the tabs of a browser do not overwrite each other's. */
function change(next: readonly Sending[]): void {
  const gone = entries.filter((entry) => !next.some((one) => one.key === entry.key))
  const changed = next.filter((entry) => !entries.includes(entry))
  entries = next
  try {
    for (const { key } of gone) localStorage.removeItem(prefix + key)
    for (const entry of changed) localStorage.setItem(prefix + entry.key, writeSending(entry))
  } catch {
    // Full or forbidden: it is still sent, but would not survive a reload.
  }
  for (const listener of listeners) listener()
}

const update = (key: string, fields: Partial<Sending>): void =>
  change(entries.map((entry) => (entry.key === key ? { ...entry, ...fields } : entry)))

/** One after the other in each conversation, so that what was written first is read first. */
async function sendNext(conversationId: ConversationId): Promise<void> {
  const next = entries.find((entry) => entry.conversationId === conversationId && entry.userId === userId && entry.error === undefined)
  if (!next || aborts.has(next.key)) return
  const abort = new AbortController()
  aborts.set(next.key, abort)
  const { key, text, files, parentId, tryAgain, continueFrom, modelId } = next
  try {
    const started = await socket.startTurn(
      {
        id: conversationId,
        idempotencyKey: key,
        ...(continueFrom !== undefined
          ? { continueFrom }
          : tryAgain !== undefined
            ? { tryAgain }
            : { ...(text !== '' && { text }), ...(files.length > 0 && { attachments: files.map(({ attachmentId }) => attachmentId) }) }),
        ...(parentId === undefined ? {} : { parentId }),
        ...(modelId === undefined ? {} : { modelId }),
      },
      abort.signal,
    )
    onAccepted(next, started)
    change(entries.filter((entry) => entry.key !== key))
  } catch (error) {
    if (!abort.signal.aborted) update(key, { error: toApiError(error) })
  } finally {
    aborts.delete(key)
  }
  await sendNext(conversationId)
}

export function send(sending: NewSending): void {
  if (userId === undefined) throw new Error('Nobody is signed in')
  change([
    ...entries,
    {
      files: [],
      depth: undefined,
      parentId: undefined,
      tryAgain: undefined,
      continueFrom: undefined,
      modelId: undefined,
      ...sending,
      userId,
      key: newKey(),
      sentAt: Date.now(),
      error: undefined,
    },
  ])
  void sendNext(sending.conversationId)
}

/** Sends a refused message again. */
export function resend(key: string): void {
  const entry = entries.find((one) => one.key === key)
  if (!entry) return
  update(key, { error: undefined, key: needsNewKey(entry) ? newKey() : key, sentAt: Date.now() })
  void sendNext(entry.conversationId)
}

/** Takes it out and gives it back, so that its text can go where it came from. */
export function takeBack(key: string): Sending | undefined {
  const entry = entries.find((one) => one.key === key)
  aborts.get(key)?.abort()
  change(entries.filter((one) => one.key !== key))
  return entry
}

/** What an earlier visit to this page did not get rid of goes on now. */
export function openOutbox(whose: UserId, whenAccepted: Accepted): void {
  userId = whose
  onAccepted = whenAccepted
  if (entries.length === 0) entries = restore()
  for (const id of new Set(entries.map((entry) => entry.conversationId))) void sendNext(id)
}

/** Each by itself: one that cannot be read takes no other with it. */
function restore(): Sending[] {
  const found: Sending[] = []
  try {
    for (const name of Object.keys(localStorage).filter((one) => one.startsWith(prefix))) {
      const sending = readSending(localStorage.getItem(name) ?? '', Date.now())
      if (sending) found.push(sending)
      else localStorage.removeItem(name)
    }
  } catch {
    // Forbidden: nothing was kept.
  }
  return found.toSorted((a, b) => a.sentAt - b.sentAt)
}

const none: readonly Sending[] = []
let cached: { entries: readonly Sending[]; byConversation: Map<ConversationId, readonly Sending[]> } = {
  entries,
  byConversation: new Map(),
}

/** What waits in one conversation, oldest first. */
function inConversation(id: ConversationId): readonly Sending[] {
  if (cached.entries !== entries) cached = { entries, byConversation: Map.groupBy(entries, (entry) => entry.conversationId) }
  return cached.byConversation.get(id) ?? none
}

export const useOutbox = (id: ConversationId): readonly Sending[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => inConversation(id),
  )
