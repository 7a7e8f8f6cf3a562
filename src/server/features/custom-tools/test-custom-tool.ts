import type { customTools as contract } from '../../../contract/custom-tools.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { ToolFailure } from '../tools/index.ts'
import { requireTool } from './access.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { runOperation, timeoutMs } from './run-operation.ts'

/** For the screen; a model may be given more. */
const maxResultLength = 20_000

/** What does not work is an answer too. */
export async function testCustomTool(deps: CustomToolsDeps, actor: Actor, input: InputOf<typeof contract.test>) {
  const { tool, operations } = await requireTool(deps, actor, 'test', input.id)
  const operation = operations.find(({ name }) => name === input.operation)
  if (!operation) throw new AppError('request.invalid', { issues: [{ path: ['operation'], message: 'is not one of its operations' }] })
  const startedAt = performance.now()
  const ended = (isWorking: boolean, result: string) => ({
    isWorking,
    result: result.slice(0, maxResultLength),
    durationMs: Math.round(performance.now() - startedAt),
  })
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return ended(true, await runOperation(deps, tool, operation, input.arguments, { signal }))
  } catch (error) {
    if (error instanceof ToolFailure) return ended(false, error.message)
    if (error instanceof AppError) return ended(false, [error.message, error.detail].filter(Boolean).join(' '))
    if (signal.aborted) return ended(false, `It did not answer within ${timeoutMs / 1000} seconds.`)
    throw error
  }
}
