import { systemPrincipalId } from '../../platform/auth/index.ts'
import { derivedId } from '../../platform/ids.ts'
import { appendMessage } from '../conversations/index.ts'
import type { Surface } from '../tools/index.ts'
import { openVisit } from './open-visit.ts'
import { hasSaid } from './store.ts'
import type { VisitDeps, Visitor } from './visit-deps.ts'

const nothingThere = 'There is nothing to show at the moment.'

/** What a visitor asked for by a button, and what it shows: two messages and no turn, so it costs nothing. With the same key once. */
export async function showDirectly(
  deps: VisitDeps,
  visitor: Visitor,
  { key, said, shown }: { key: string; said: string; shown: Surface | undefined },
): Promise<{ messageId: string }> {
  const { principalId } = visitor.actor
  const messageId = derivedId(principalId, key, 'said')
  await deps.db.transaction().execute(async (tx) => {
    if (await hasSaid(tx, principalId, messageId)) return
    const { conversation_id: conversationId, handled_by: handledBy } = await openVisit(tx, visitor)
    await appendMessage(tx, { id: messageId, conversationId, authorId: principalId, role: 'user', text: said })
    // A person who has taken over sees what was pressed, and answers.
    if (handledBy === 'person' && !shown) return
    await appendMessage(tx, {
      id: derivedId(principalId, key, 'shown'),
      conversationId,
      authorId: systemPrincipalId,
      role: 'assistant',
      text: shown?.fallback ?? nothingThere,
      ...(shown && { parts: [{ type: 'surface', step: 1, callId: null, ...shown }] }),
    })
  })
  deps.turnDeps.turns.userStreams.announce([principalId])
  return { messageId }
}
