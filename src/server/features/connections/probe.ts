import type { ConnectionTarget } from '../../platform/llm/index.ts'
import { describeModels, type DescribedModel } from '../models/index.ts'
import type { ConnectionsDeps } from './connections-deps.ts'

const probeTimeoutMs = 20_000

/**
 * Asks the provider for its models, which proves key and address before anything is saved. Errors: `connection.rejected`,
 * `connection.unreachable`, `connection.address_forbidden`.
 */
export async function probe(deps: Pick<ConnectionsDeps, 'llm'>, target: ConnectionTarget, signal?: AbortSignal): Promise<DescribedModel[]> {
  const timeout = AbortSignal.timeout(probeTimeoutMs)
  const listed = await deps.llm.listModels(target, signal ? AbortSignal.any([signal, timeout]) : timeout)
  return describeModels(deps.llm, target, listed)
}
