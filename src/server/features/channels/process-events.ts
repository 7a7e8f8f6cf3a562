import { guestActor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import { startTurn } from '../turns/index.ts'
import type { ChannelDeps } from './channel-deps.ts'
import * as store from './event-store.ts'
import * as installations from './installation-store.ts'
import { platforms } from './platforms/index.ts'
import type { IncomingMessage } from './platforms/platform.ts'
import { openSettings } from './settings.ts'

const maxClaimed = 32
/** Longer than working on one event takes; a process that dies leaves its claims for so long. */
const claimSeconds = 30
const maxAttempts = 10
const pausesSeconds = [1, 2, 5, 15, 60, 120]

/** Works on some of the open events. Answers whether there may be more. */
export async function processEvents(deps: ChannelDeps): Promise<boolean> {
  const claimed = await store.claimEvents(deps.db, maxClaimed, claimSeconds)
  await Promise.all(claimed.map((event) => processEvent(deps, event)))
  return claimed.length > 0
}

async function processEvent(deps: ChannelDeps, event: store.EventRow): Promise<void> {
  try {
    await store.endEvent(deps.db, event.id, await answer(deps, event))
  } catch (error) {
    const words = error instanceof AppError ? error.code : 'internal'
    if (!(error instanceof AppError)) deps.log.error({ err: error, eventId: event.id }, 'an event of a platform could not be worked on')
    if (event.attempts >= maxAttempts || isFinal(error)) await store.endEvent(deps.db, event.id, { state: 'failed', error: words })
    else await store.postponeEvent(deps.db, event.id, pausesSeconds[Math.min(event.attempts, pausesSeconds.length) - 1]!, words)
  }
}

/** Trying again would not help. */
function isFinal(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'hook.malformed' || error.code === 'message.not_found')
}

/** From an event to its one turn. Everything in it may be done twice, since a process may die between any two steps. */
async function answer(
  deps: ChannelDeps,
  event: store.EventRow,
): Promise<{ state: 'done' | 'ignored' | 'failed'; conversationId?: string; messageId?: string | null; error?: string }> {
  const installation = await installations.find(deps.db, event.installation_id)
  if (!installation?.is_enabled) return { state: 'ignored' }
  const message = await platforms[installation.platform].read(Buffer.from(event.raw), openSettings(deps.vault, installation))
  if (!message) return { state: 'ignored' }
  const { contactId, conversation } = await place(deps, installation, event, message)
  const actor = guestActor({ kind: 'contact', principalId: conversation.owner_id, name: message.sender.name, workspaceId: event.workspace_id })
  const handToPerson = async () => {
    await deps.db.transaction().execute((tx) =>
      store.appendMessage(tx, {
        id: event.id,
        conversationId: conversation.id,
        branchId: newId(),
        authorId: contactId,
        role: 'user',
        text: message.text,
        externalId: message.externalId,
        delivers: false,
      }),
    )
    return { state: 'done', conversationId: conversation.id, messageId: event.id } as const
  }
  if (conversation.handled_by === 'person') return handToPerson()
  try {
    const started = await startTurn(
      deps.turnDeps,
      actor,
      { id: conversation.id as never, text: message.text, idempotencyKey: `event:${event.id}` },
      {
        agent: { modelId: installation.model_id, systemPrompt: installation.system_prompt },
        externalId: message.externalId,
        structuredPrompt: message.structuredPrompt,
        language: message.sender.language,
      },
    )
    return { state: 'done', conversationId: conversation.id, messageId: started.userMessageId }
  } catch (error) {
    // The message is kept and a person sees it: the model that should answer cannot be had, or a person was quicker.
    if (error instanceof AppError && (error.code === 'inbox.taken_over' || cannotAnswer.has(error.code))) {
      const kept = await handToPerson()
      if (error.code !== 'inbox.taken_over') await store.needPerson(deps.db, conversation.id)
      return { ...kept, error: error.code }
    }
    throw error
  }
}

const cannotAnswer: ReadonlySet<string> = new Set(['budget.exhausted', 'model.no_key', 'model.not_found', 'model.price_unknown', 'connection.not_found'])

async function place(deps: ChannelDeps, installation: installations.InstallationRow, event: store.EventRow, message: IncomingMessage) {
  return deps.db.transaction().execute(async (tx) => {
    const contactId = await store.ensureContact(tx, {
      id: newId(),
      workspaceId: event.workspace_id,
      installationId: event.installation_id,
      ...message.sender,
    })
    const conversation = await store.ensureConversation(tx, {
      id: newId(),
      workspaceId: event.workspace_id,
      installationId: event.installation_id,
      sessionId: event.session_id,
      ownerId: contactId,
      source: installation.platform,
      language: message.sender.language,
      entity: message.entity,
    })
    return { contactId, conversation }
  })
}
