import type { ConversationId } from '../../../contract/ids.ts'
import { guestActor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { startTurn } from '../turns/index.ts'
import type { ChannelDeps } from './channel-deps.ts'
import * as store from './event-store.ts'
import type { InstallationRow } from './installation-store.ts'
import { appendMessage } from '../conversations/index.ts'
import { placeEvent } from './place-event.ts'
import { readMessage, type SaidMessage } from './read-message.ts'

/** Longer than working on one event takes; a process that dies leaves its claims for so long. */
const claimSeconds = 30
/** From then on nothing is tried but to keep the message for a person. */
const maxTurnAttempts = 10
const maxAttempts = 12
const pausesSeconds = [1, 2, 5, 15, 60, 120]

/** Why no model can answer: the message is a person's to look after. */
const cannotAnswer: ReadonlySet<string> = new Set([
  'agent.not_available',
  'budget.exhausted',
  'model.no_key',
  'model.not_found',
  'model.price_unknown',
  'connection.not_found',
])

/** What came in, for a poller. */
export const events = {
  claim: (deps: ChannelDeps, limit: number) => store.claimEvents(deps.database.background, limit, claimSeconds),
  work: processEvent,
}

async function processEvent(deps: ChannelDeps, event: store.EventRow): Promise<void> {
  try {
    await store.endEvent(deps.database.background, event.id, await work(deps, event))
  } catch (error) {
    const isExpected = error instanceof AppError
    const words = isExpected ? error.code : 'internal'
    if (!isExpected) deps.log.error({ err: error, eventId: event.id }, 'an event of a platform could not be worked on')
    if (words === 'hook.malformed' || event.attempts >= maxAttempts)
      await store.endEvent(deps.database.background, event.id, { state: 'failed', error: words })
    else
      await store.postponeEvent(
        deps.database.background,
        event.id,
        pausesSeconds[Math.min(event.attempts, pausesSeconds.length) - 1]!,
        words,
      )
  }
}

/**
 * From an event to its one turn, or to the person who answers. A process may die between any two steps and another one begin again, so the message has
 * the event's id, and whichever way it came in comes first.
 */
async function work(deps: ChannelDeps, event: store.EventRow): Promise<store.EventEnd> {
  const opened = await deps.installations.find(event.installation_id)
  const message = opened && (await readMessage(opened, event))
  if (!message) return { state: 'ignored' }
  const installation = opened.row
  const { contactId, conversation, hasMessage } = await placeEvent(deps, installation, event, message)
  const done: store.EventEnd = { state: 'done', conversationId: conversation.id, messageId: event.id }
  if (hasMessage) return done

  const keep = async (needsPerson: boolean, error?: string): Promise<store.EventEnd> => {
    const { sender: _, usualLanguage: __, ...rest } = message
    await appendMessage(deps.db, {
      ...rest,
      id: event.id,
      conversationId: conversation.id,
      authorId: contactId,
      role: 'user',
      needsPerson,
    })
    return { ...done, ...(error && { error }) }
  }
  if (conversation.handled_by === 'person') return keep(false)
  if (!installation.is_enabled) return keep(true, 'installation.disabled')
  if (event.attempts > maxTurnAttempts) return keep(true, 'internal')
  try {
    await answerByModel(deps, installation, event, { contactId, conversationId: conversation.id, message })
    return done
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'idempotency.mismatch') return done
    if (error.code === 'inbox.taken_over') return keep(false)
    if (cannotAnswer.has(error.code)) return keep(true, error.code)
    throw error
  }
}

async function answerByModel(
  deps: ChannelDeps,
  installation: InstallationRow,
  event: store.EventRow,
  { contactId, conversationId, message }: { contactId: string; conversationId: string; message: SaidMessage },
): Promise<void> {
  const { name } = message.sender
  const actor = guestActor({ kind: 'contact', principalId: contactId, name, workspaceId: event.workspace_id })
  await startTurn(
    deps.turnDeps,
    actor,
    { id: conversationId as ConversationId, text: message.text, idempotencyKey: `event:${event.id}` },
    {
      installationId: installation.id,
      agentId: installation.agent_id,
      messageId: event.id,
      externalId: message.externalId,
      structuredPrompt: message.structuredPrompt,
      language: message.language,
      replyTo: message.replyTo,
      entity: message.entity,
    },
  )
}
