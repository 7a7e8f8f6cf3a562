import type { Decision, DecisionScope, Turn } from '../../../contract/turns.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import { withoutMetadata } from '../conversations/index.ts'
import { deniedByUser } from './call-words.ts'
import { keepPermission, type KeptPermission } from './permission-store.ts'
import { requireTurn } from './get-turn.ts'
import { presentTurn } from './present.ts'
import { jobOf } from './resume-turn.ts'
import * as store from './store.ts'
import type { TurnDeps } from './turn-deps.ts'

/**
 * Answers one tool's question, once. When it was the last one the turn goes on, on this process; while other calls still run on another, that one picks
 * the decision up with its next write.
 * Errors: `turn.not_found`, `turn.finished`, `turn.not_waiting`.
 */
export async function decideCall(
  deps: TurnDeps,
  actor: Actor,
  input: { id: string; callId: string; decision: Decision; scope: DecisionScope },
): Promise<Turn> {
  check(actor, 'turn', 'decide', 'own')
  const isAllowed = input.decision === 'allow' || input.decision === 'always-allow'
  using _held = deps.turns.engine.hold(input.id)

  const { turn, calls, owner, resumed } = await deps.db.transaction().execute(async (tx) => {
    await requireTurn(tx, actor, input.id)
    const found = await store.lockTurnAndConversation(tx, input.id)
    if (!found || !['running', 'waiting'].includes(found.state)) throw new AppError('turn.finished')

    const call = await store.decideCall(tx, {
      turnId: found.id,
      callId: input.callId,
      state: isAllowed ? 'allowed' : 'denied',
      result: isAllowed ? null : deniedByUser,
      decidedBy: actor.principalId,
    })
    if (!call) throw new AppError('turn.not_waiting')
    const place = input.decision.startsWith('always-') ? await placeOf(tx, found, input.scope) : undefined
    if (place) {
      await keepPermission(tx, {
        id: newId(),
        workspaceId: found.workspace_id,
        place,
        toolName: call.tool_name,
        decision: isAllowed ? 'allow' : 'deny',
        decidedBy: actor.principalId,
      })
    }
    // While the turn runs, its parts belong to the process that runs it.
    if (found.state === 'running') return { turn: found, calls: [], owner: null, resumed: false }

    await showDecision(tx, found, call, isAllowed)
    const isOpen = (await store.listCalls(tx, found.id)).some((other) => other.state === 'asked')
    if (isOpen) return { turn: found, calls: [], owner: null, resumed: false }
    const continued = await store.continueTurn(tx, found.id, deps.turns.engine.processId)
    return { ...continued, owner: await store.appendTurnChanged(tx, continued.turn), resumed: true }
  })

  if (resumed) {
    const open = calls.map((call) => ({
      id: call.id,
      step: call.step,
      callId: call.call_id,
      toolName: call.tool_name,
      arguments: call.arguments,
    }))
    deps.turns.engine.run(await jobOf(deps.db, turn, 'decided', open))
  }
  deps.turns.hub.announce([turn.id])
  if (owner) deps.turns.userStreams.announce([owner])
  return presentTurn(await requireTurn(deps.db, actor, turn.id), await store.listCalls(deps.db, turn.id))
}

/** Undefined where nothing is remembered: the turn is in no conversation. */
async function placeOf(tx: Tx, turn: store.TurnRow, scope: DecisionScope): Promise<KeptPermission['place'] | undefined> {
  if (scope === 'conversation') return turn.conversation_id ? { conversationId: turn.conversation_id } : undefined
  const { agentId } = (await store.getSnapshot(tx, turn.settings_id)).settings
  if (!agentId) throw new AppError('request.invalid', { issues: [{ path: ['scope'], message: 'no agent answers in this turn' }] })
  // Its turn may have waited for longer than the agent was kept.
  const isThere = await tx.selectFrom('agent').select('id').where('id', '=', agentId).executeTakeFirst()
  return isThere && { agentId }
}

/** The part shows the decision at once, here and to whoever follows. */
async function showDecision(tx: Tx, turn: store.TurnRow, call: store.CallRow, isAllowed: boolean): Promise<void> {
  if (!turn.answer_message_id) return
  const parts = await store.getParts(tx, turn.answer_message_id)
  const index = parts.findIndex((part) => part.type === 'tool-call' && part.callId === call.call_id && part.step === call.step)
  const part = parts[index]
  if (part?.type !== 'tool-call') return
  part.state = isAllowed ? 'running' : 'denied'
  part.result = isAllowed ? null : deniedByUser
  await store.setParts(tx, turn.answer_message_id, parts)
  await store.appendIdleEvent(tx, turn, { type: 'part', part: index, value: withoutMetadata(part) })
}
