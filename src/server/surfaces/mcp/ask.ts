import { errorTable } from '../../../contract/errors.ts'
import type { StartTurn } from '../../../contract/turns.ts'
import { listMessages } from '../../features/conversations/index.ts'
import { followTurn, isGuardrailBlock, startTurn, stopTurn, type TurnDeps } from '../../features/turns/index.ts'
import type { McpCall } from './parts.ts'

const tellEveryMs = 1_000

/** A turn like any other, whose answer is waited for. A client that gives up stops it, since nobody else asked for it. */
export async function ask(
  deps: TurnDeps,
  { actor, context, progress }: McpCall,
  input: Pick<StartTurn, 'id' | 'text' | 'modelId'>,
): Promise<string> {
  const { signal } = context.mcpReq
  const { turnId, answerMessageId } = await startTurn(deps, actor, input)
  let length = 0
  let toldAt = 0
  let isWaiting = false
  try {
    for await (const batch of await followTurn(deps, actor, turnId, undefined, signal)) {
      for (const { event } of batch) {
        if (event.type === 'text-delta') length += event.text.length
        if (event.type === 'turn-waiting') isWaiting = true
      }
      if (isWaiting) break
      if (performance.now() - toldAt > tellEveryMs) {
        toldAt = performance.now()
        await progress(length, `${length} characters so far`)
      }
    }
  } finally {
    if (signal.aborted) await stopTurn(deps, actor, turnId).catch(() => {})
  }
  const { messages } = await listMessages(deps, actor, { id: input.id, around: answerMessageId, limit: 2 })
  const answer = messages.find(({ id }) => id === answerMessageId)
  const text = (answer?.parts ?? [])
    .flatMap((part) => (part.type === 'text' ? [part.text] : part.type === 'surface' ? [part.fallback] : []))
    .join('')
  if (isWaiting) return [text, '[The answer waits for the person: a tool wants to be allowed in Parley.]'].filter(Boolean).join('\n\n')
  const error = answer?.answer?.error
  const withheld = answer?.parts.findLast((part) => part.type === 'notice' && isGuardrailBlock(part.notice.code))
  if (withheld?.type === 'notice')
    return [text, `[${withheld.notice.detail ?? errorTable[withheld.notice.code].message}]`].filter(Boolean).join('\n\n')
  return [text, error && `[The answer ended early: ${error.code}]`].filter(Boolean).join('\n\n') || '(no text)'
}
