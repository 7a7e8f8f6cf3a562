import type { EmbeddingModelV4 } from '@ai-sdk/provider'
import type { ErrorNotice } from '../../../contract/errors.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import { costOf, reservationFor } from '../usage/index.ts'
import { emptyItem, snapshotOf } from './start-turn.ts'
import type { EndedTask } from './hot-statements.ts'
import type { TurnDeps } from './turn-deps.ts'

/** Requests to one provider for one call that are under way at once. */
const maxParallel = 4
/** Where a provider does not say how many texts one request may hold. */
const usualBatch = 96

export interface Embedded {
  embeddings: number[][]
  inputTokens: number
}

/** Embeds texts as an ephemeral turn: one task and one usage row, however many requests its provider needs for them. */
export async function embedTexts(
  deps: TurnDeps,
  actor: Actor,
  input: { workspaceId: string; modelId: string; texts: string[]; dimensions: number | null; signal: AbortSignal },
): Promise<Embedded> {
  check(actor, 'turn', 'create', 'own')
  if (deps.turns.isStopping()) throw new AppError('server.stopping', { retryAfterSeconds: 5 })
  const { workspaceId, modelId, texts } = input
  const resolution = await deps.resolver.resolve(actor, { workspaceId, requestedModelId: modelId, kind: 'embedding' })
  const model = deps.llm.embeddingModel(await deps.resolver.openTarget(resolution.connection.id, resolution.model.internalName))
  const snapshot = snapshotOf({ ...resolution, systemPrompt: null }, [])
  // An embedding has no output, so that nobody need know what output would cost.
  const price = { ...resolution.price, outputPer1k: resolution.price.outputPer1k ?? 0n }
  const estimate = texts.reduce((sum, text) => sum + deps.llm.estimateTokens(text), 0)
  const item = {
    ...emptyItem(deps, actor, workspaceId, snapshot),
    reserveNanoUsd: resolution.price.origin === 'free' ? 0n : reservationFor(estimate, price),
  }
  using _held = deps.turns.engine.hold(item.turnId)
  const accepted = await deps.turns.accept(item)
  if (accepted.error !== undefined) throw new AppError(accepted.error)
  deps.turns.knownSettings.set(workspaceId + snapshot.hash, accepted.settingsId)

  const startedAt = performance.now()
  const used = { tokens: 0, isEstimated: false }
  const end = (status: 'completed' | 'stopped' | 'failed', error: ErrorNotice | null) => {
    const tokens = { input: used.tokens, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 }
    const task: EndedTask = {
      id: item.taskId,
      usageId: newId(),
      purpose: 'embedding',
      status,
      finishReason: null,
      requestId: null,
      tokens,
      isEstimated: used.isEstimated,
      costNanoUsd: costOf(tokens, price),
      firstTokenMs: null,
      latencyMs: Math.round(performance.now() - startedAt),
      error,
    }
    const turn = { turnId: accepted.turnId, epoch: 1, processId: item.processId, log: [], task, end: { state: status, error } }
    return deps.turns.engine.write(turn)
  }

  try {
    const embeddings = await embedAll(model, input, (batch, tokens) => {
      used.tokens += tokens ?? batch.reduce((sum, text) => sum + deps.llm.estimateTokens(text), 0)
      used.isEstimated ||= tokens === undefined
    })
    await end('completed', null)
    return { embeddings, inputTokens: used.tokens }
  } catch (thrown) {
    const error = deps.llm.toAppError(thrown)
    await (input.signal.aborted ? end('stopped', null) : end('failed', error.notice()))
    throw error
  }
}

async function embedAll(
  model: EmbeddingModelV4,
  { texts, dimensions, signal }: { texts: string[]; dimensions: number | null; signal: AbortSignal },
  onBatch: (batch: string[], tokens: number | undefined) => void,
): Promise<number[][]> {
  const size = Math.max(1, Math.min((await model.maxEmbeddingsPerCall) ?? usualBatch, texts.length))
  const parallel = (await model.supportsParallelCalls) ? maxParallel : 1
  const starts = Array.from({ length: Math.ceil(texts.length / size) }, (_, index) => index * size)
  const embeddings: number[][] = []
  const failed = new AbortController()
  const abortSignal = AbortSignal.any([signal, failed.signal])
  const work = async () => {
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      const batch = texts.slice(start, start + size)
      const result = await model.doEmbed({ values: batch, abortSignal, ...(dimensions !== null && { dimensions }) })
      if (result.embeddings.length !== batch.length) throw new AppError('provider.invalid_response')
      onBatch(batch, result.usage?.tokens)
      result.embeddings.forEach((embedding, index) => (embeddings[start! + index] = embedding))
    }
  }
  const workers = Array.from({ length: Math.min(parallel, starts.length) }, work)
  try {
    await Promise.all(workers)
  } catch (error) {
    // The turn ends after its last request, so that its count is whole.
    failed.abort()
    await Promise.allSettled(workers)
    throw error
  }
  return embeddings
}
