import { errorTable } from '../../../contract/errors.ts'
import type { Part } from '../../../contract/messages.ts'
import type { StartTurn, Turn } from '../../../contract/turns.ts'
import { decideCall, followTurn, isGuardrailBlock, readAnswer, startTurn, stopTurn, type TurnDeps } from '../../features/turns/index.ts'
import { may } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { McpCall, McpResult, Question } from './parts.ts'

const tellEveryMs = 1_000
const maxShownArguments = 2_000

interface Place {
  turnId: string
  conversationId: string
}

/** Beginning of the state that a client carries while its person decides. */
interface Waiting extends Place {
  tool: string
  callIds: string[]
}

export interface AskDeps extends TurnDeps {
  addressOf(conversationId: string): string
}

/**
 * A turn like any other, whose answer is waited for. A client that gives up stops it, since nobody else asked for it. Where a tool asks for a permission, the client's person is asked if
 * client and credential allow that; else the answer says where to decide.
 */
export async function ask(
  deps: AskDeps,
  call: McpCall,
  tool: string,
  input: Pick<StartTurn, 'id' | 'text' | 'modelId'>,
): Promise<McpResult> {
  const { turnId } = await startTurn(deps, call.actor, input)
  return follow(deps, call, tool, { turnId, conversationId: input.id })
}

/** Goes on where a permission was asked for. Undefined where this call has begun nothing yet. */
export async function goOn(deps: AskDeps, call: McpCall, tool: string): Promise<McpResult | undefined> {
  if (!call.back) return undefined
  const { turnId, conversationId, callIds, tool: asked } = call.back.state as Waiting
  if (asked !== tool) throw new AppError('request.invalid', { detail: 'This state belongs to another tool.' })
  for (const [index, callId] of callIds.entries()) {
    const answer = call.back.answers[`call-${index}`]
    if (answer === undefined) continue
    await decideCall(deps, call.actor, {
      id: turnId,
      callId,
      decision: answer === 'allow' ? 'allow' : 'deny',
      scope: 'conversation',
    }).catch(ignoreDecided)
  }
  return follow(deps, call, tool, { turnId, conversationId })
}

/** In the meantime somebody has decided in Parley, or ended the turn. */
function ignoreDecided(error: unknown): void {
  if (!(error instanceof AppError) || !['turn.not_waiting', 'turn.finished'].includes(error.code)) throw error
}

async function follow(deps: AskDeps, call: McpCall, tool: string, place: Place): Promise<McpResult> {
  await untilItRests(deps, call, place.turnId)
  const { turn, parts } = await readAnswer(deps, call.actor, place.turnId)
  const address = `[conversation id ${place.conversationId}, ${deps.addressOf(place.conversationId)}]`
  const text = textOf(parts)
  if (turn.state === 'waiting') {
    if (call.askBack && may(call.actor, 'turn', 'decide', 'own')) {
      const callIds = turn.waitingFor.map(({ callId }) => callId)
      const state: Waiting = { ...place, tool, callIds }
      return call.askBack(state, Object.fromEntries(callIds.map((callId, index) => [`call-${index}`, questionOf(callId, turn, parts)])))
    }
    const names = [...new Set(turn.waitingFor.map(({ toolName }) => toolName))].join(', ')
    return [text, `[The answer waits for the person: ${names} wants to be allowed, at ${deps.addressOf(place.conversationId)}]`, address]
      .filter(Boolean)
      .join('\n\n')
  }
  const withheld = parts.findLast((part) => part.type === 'notice' && isGuardrailBlock(part.notice.code))
  const said = withheld?.type === 'notice' ? (withheld.notice.detail ?? errorTable[withheld.notice.code].message) : undefined
  const early = said ?? (turn.error && `The answer ended early: ${turn.error.code}`)
  const answer = [text, early && `[${early}]`].filter(Boolean).join('\n\n') || '(no text)'
  return `${answer}\n\n${address}`
}

/** To its end, or to where a person has to decide. Who is put out meanwhile hears no more of it. */
async function untilItRests(deps: AskDeps, { actor, context, progress }: McpCall, turnId: string): Promise<void> {
  const out = new AbortController()
  const unhook = deps.door.onActorInvalidated((principalId) => {
    if (principalId === actor.principalId) deps.door.actorFor(principalId, actor.apiKeyId).catch(() => out.abort())
  })
  const signal = AbortSignal.any([context.mcpReq.signal, out.signal])
  let length = 0
  let toldAt = 0
  try {
    for await (const batch of await followTurn(deps, actor, turnId, undefined, signal)) {
      let isWaiting = false
      for (const { event } of batch) {
        if (event.type === 'text-delta') length += event.text.length
        if (event.type === 'turn-waiting') isWaiting = true
        if (event.type === 'turn-continued') isWaiting = false
      }
      // What was said of an earlier question is in the log, too.
      if (isWaiting && (await readAnswer(deps, actor, turnId)).turn.state === 'waiting') return
      if (performance.now() - toldAt > tellEveryMs) {
        toldAt = performance.now()
        await progress(length, `${length} characters so far`)
      }
    }
  } finally {
    unhook()
    if (signal.aborted) await stopTurn(deps, actor, turnId).catch(() => {})
  }
  if (out.signal.aborted) throw new AppError('auth.required')
}

function questionOf(callId: string, turn: Turn, parts: Part[]): Question {
  const part = parts.find((one) => one.type === 'tool-call' && one.callId === callId)
  const name = turn.waitingFor.find((one) => one.callId === callId)?.toolName ?? ''
  const given = part?.type === 'tool-call' ? JSON.stringify(part.arguments) : ''
  return {
    message: `A model wants to use the tool ${name}${given ? ` with ${given.slice(0, maxShownArguments)}${given.length > maxShownArguments ? '…' : ''}` : ''}. May it?`,
    label: name,
    options: [
      { value: 'allow', label: 'Allow this once' },
      { value: 'deny', label: 'Do not allow' },
    ],
  }
}

const textOf = (parts: Part[]): string =>
  parts.flatMap((part) => (part.type === 'text' ? [part.text] : part.type === 'surface' ? [part.fallback] : [])).join('')
