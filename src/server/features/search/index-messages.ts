import { detectLanguage } from '../../platform/language/detect-language.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { createPoller, type Poller } from '../../platform/jobs/poller.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import { agentMark, modelMark, monthMark, ownerMark } from './scope.ts'
import { stemmers } from './stemmers.ts'
import * as store from './store.ts'
import { vectorOf } from './words.ts'

/** How long after its end an answer may be missing from a search. */
const everyMs = 1_000
/** Together as long as a background statement should take. */
const atOnce = 100
const bytesAtOnce = 400_000
/** Where nothing is due, the moment that was looked at is noted this often. */
const noteEveryMs = 20_000

/** Keeps the index: any number of processes may, and one that dies leaves nothing undone. */
export function createIndexer(db: Db, log: Logger): Poller {
  return createPoller(
    {
      claim: async () => {
        const due = await store.findDue(db, atOnce)
        if (due.messages.length > 0) return [due]
        if (!due.checkedUntil || due.at.getTime() - due.checkedUntil.getTime() > noteEveryMs)
          await store.moveProgress(db, due.checkedUntil, due.at)
        return []
      },
      work: (due) => indexDue(db, due),
    },
    { everyMs, maxAtOnce: 1, log, name: 'search' },
  )
}

async function indexDue(db: Db, { messages, checkedUntil }: store.Due): Promise<void> {
  for (const slice of slicesOf(messages)) {
    const byId = new Map(slice.map((message) => [message.id, message]))
    const pieces = await store.readPieces(db, [...byId.keys()])
    await store.insertWords(db, await Promise.all(pieces.map(({ id, piece, text }) => wordsOf(byId.get(id)!, piece, text))))
  }
  await store.noteIndexed(db, [...new Set(messages.map((message) => message.conversation_id))])
  // What changed before the last of these is done; what was full goes on from there.
  if (messages.length === atOnce) await store.moveProgress(db, checkedUntil, messages.at(-1)!.conversation_updated_at)
}

async function wordsOf(message: store.DueMessage, piece: number, text: string): Promise<store.WordRow> {
  const language = await detectLanguage(text)
  return {
    messageId: message.id,
    piece,
    workspaceId: message.workspace_id,
    conversationId: message.conversation_id,
    ownerId: message.owner_id,
    modelId: message.model_id,
    agentId: message.agent_id,
    language,
    dictionary: language ? (stemmers[language] ?? null) : null,
    createdAt: message.created_at,
    words: vectorOf(text),
    marks: [
      ownerMark(message.owner_id),
      monthMark(message.created_at),
      ...(message.model_id ? [modelMark(message.model_id)] : []),
      ...(message.agent_id ? [agentMark(message.agent_id)] : []),
    ],
  }
}

/** A few long messages are as much work as many short ones. */
function* slicesOf(messages: readonly store.DueMessage[]): Generator<store.DueMessage[]> {
  let slice: store.DueMessage[] = []
  let size = 0
  for (const message of messages) {
    if (slice.length > 0 && size + message.size > bytesAtOnce) {
      yield slice
      slice = []
      size = 0
    }
    slice.push(message)
    size += message.size
  }
  yield slice
}

/** What is deleted is searched no more, from this transaction on. */
export const forgetConversations = (tx: Tx, conversationIds: readonly string[]): Promise<void> => store.removeWords(tx, conversationIds)

/** What was brought back is found again soon. */
export const recallConversations = (tx: Tx, conversationIds: readonly string[]): Promise<void> => store.lookAgain(tx, conversationIds)

/** The same of everything that changed since then. */
export const recallSince = (tx: Tx, since: Date): Promise<void> => store.lookSince(tx, since)

/** For what no poller saw, such as a transaction of more than a minute. */
export const checkIndex = (db: Db): Promise<void> => store.resetProgress(db)
