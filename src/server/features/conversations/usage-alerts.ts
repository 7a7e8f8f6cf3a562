import type { UserEvent } from '../../../contract/events.ts'
import type { Deps } from '../../deps.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { CounterStreams } from '../../platform/events/index.ts'
import { costOfConversation } from '../usage/index.ts'
import { presentConversation } from './present.ts'
import * as store from './store.ts'

type Watched = Pick<store.ConversationRow, 'id' | 'owner_id' | 'usage_alert_nano_usd' | 'usage_alerted_at'>

/** Another amount begins anew; one that was passed already is told at once. Within the transaction that has locked the conversation. */
export async function setUsageAlert(tx: Tx, conversation: Watched, nanoUsd: string | null): Promise<void> {
  const amount = nanoUsd === null ? null : BigInt(nanoUsd)
  if (amount === conversation.usage_alert_nano_usd) return
  await store.update(tx, conversation.id, { usage_alert_nano_usd: amount, usage_alerted_at: null })
  await tellPassed(tx, { ...conversation, usage_alert_nano_usd: amount, usage_alerted_at: null })
}

/** Tells the owner once, exact by the ledger's rows. Answers whether it did. */
async function tellPassed(
  tx: Tx,
  { id, owner_id: ownerId, usage_alert_nano_usd: alert, usage_alerted_at: toldAt }: Watched,
): Promise<boolean> {
  if (alert === null || toldAt) return false
  const { costNanoUsd, isAtLeast } = await costOfConversation(tx, id)
  if (costNanoUsd < alert) return false
  await store.update(tx, id, { usage_alerted_at: new Date() })
  const row = await store.find(tx, { principalId: ownerId, workspaceIds: [] }, id)
  if (!row) return false
  const conversation = presentConversation(row)
  await store.appendEvent(tx, ownerId, { type: 'conversation-changed', conversation })
  const amounts = { alertNanoUsd: alert.toString(), costNanoUsd: costNanoUsd.toString(), isAtLeast }
  await store.appendEvent(tx, ownerId, { type: 'usage-alert', conversationId: id, title: row.title, ...amounts })
  return true
}

export interface UsageAlerts {
  /** A call was charged for this conversation. */
  check(conversationId: string): void
  /** Resolves when nothing is looked at any more. */
  close(): Promise<void>
}

/** Looks at what conversations cost after the calls that are charged for them; no turn waits for it. */
export function createUsageAlerts(deps: Pick<Deps, 'db' | 'log'> & { userStreams: CounterStreams<UserEvent> }): UsageAlerts {
  const underWay = new Set<Promise<void>>()

  async function look(conversationId: string): Promise<void> {
    const ownerId = await deps.db.transaction().execute(async (tx) => {
      const watched = await store.lockWatched(tx, conversationId)
      return watched && (await tellPassed(tx, watched)) ? watched.owner_id : undefined
    })
    if (ownerId) deps.userStreams.announce([ownerId])
  }

  return {
    check(conversationId) {
      const looking = look(conversationId)
        // The next call that is charged has it looked at again.
        .catch((error: unknown) => deps.log.warn({ err: error, conversationId }, 'what a conversation cost could not be looked at'))
        .finally(() => underWay.delete(looking))
      underWay.add(looking)
    },
    close: async () => void (await Promise.all(underWay)),
  }
}
