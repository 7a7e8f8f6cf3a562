import { setTimeout as pause } from 'node:timers/promises'
import type { CallToolResult, InputResponses } from '@modelcontextprotocol/client'
import { isInputRequired, plainWords } from '../../platform/mcp/index.ts'
import { type ToolContext, ToolFailure } from '../tools/index.ts'
import { answerRequest, askerOf, briefMs } from './answer-server.ts'
import type { McpDeps } from './mcp-deps.ts'
import { reach } from './reach.ts'
import type { ServerRow, ToolRow } from './store.ts'

/** With what a call goes on: what the server has handed over, and what it asks. Survives this process, sealed. */
interface Memo {
  round: number
  inputRequests: Record<string, { method: string; params?: object }>
  requestState?: string
  isAgain?: true
}

export const callTimeoutMs = 120_000
const maxRounds = 10
const pacingMs = 250

/**
 * Calls a tool, as often as its server answers with questions in place of a result. Between the rounds nothing is held at the server, so the call may begin again
 * there after an interruption; once the answers are sent it may not. `current` is asked in each round, since a person may think for a day.
 */
export async function callTool(
  deps: McpDeps,
  current: () => Promise<ServerRow>,
  row: ToolRow,
  input: Record<string, unknown>,
  context: ToolContext,
): Promise<CallToolResult> {
  const { progress, questions } = context
  let memo = (await questions?.recall()) as Memo | undefined
  for (;;) {
    const server = await current()
    const continued = memo && memo.round > 0 ? await answersTo(deps, server, context, memo) : undefined
    const kept = memo
    const result = await reach(deps, server, context, kept ?? { round: 0 }, (session) =>
      session.callTool(row.name, input, {
        signal: context.signal,
        // The tool's own limit stands still while a person thinks, and comes first.
        timeoutMs: callTimeoutMs + briefMs,
        ...(progress && { onProgress: (said) => progress(progressOf(said)) }),
        inputSchema: { type: 'object', ...row.input_schema },
        asker: askerOf(deps, server, context),
        ...(continued && { continued }),
      }),
    )
    if (!isInputRequired(result)) return result
    const round: number = (memo?.round ?? 0) + 1
    if (round > maxRounds) throw new ToolFailure(`“${server.name}” asks without end.`)
    memo = {
      round,
      inputRequests: (result.inputRequests ?? {}) as Memo['inputRequests'],
      ...(result.requestState !== undefined && { requestState: result.requestState }),
      ...(result.isAgain && { isAgain: true }),
    }
    await questions?.keep(memo)
  }
}

/** Side by side. What is sent from here on may take effect. */
async function answersTo(deps: McpDeps, server: ServerRow, context: ToolContext, { round, inputRequests, requestState, isAgain }: Memo) {
  const asked = Object.entries(inputRequests)
  if (asked.length === 0) await pause(pacingMs, undefined, { signal: context.signal })
  const answers = await Promise.all(
    asked.map(async ([name, request]) => [name, await answerRequest(deps, server, context, request, `${round}:${name}`)] as const),
  )
  await context.questions?.keep(null)
  if (isAgain) {
    if (answers.some(([, answer]) => !('action' in answer) || answer.action !== 'accept'))
      throw new ToolFailure('The user did not open the address that this needs.')
    return undefined
  }
  return { inputResponses: Object.fromEntries(answers) as InputResponses, ...(requestState !== undefined && { requestState }) }
}

function progressOf({ progress, total, message }: { progress: number; total?: number; message?: string }) {
  return {
    ...(message && { message: plainWords(message, 200) }),
    ...(total !== undefined && total > 0 && { fraction: Math.min(1, Math.max(0, progress / total)) }),
  }
}
