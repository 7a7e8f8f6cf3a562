import { endianness } from 'node:os'
import { z } from 'zod'
import { embedTexts } from '../../features/turns/index.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { type HttpContext, whenGone } from '../../platform/http/index.ts'
import { requireModel } from './models.ts'
import type { OpenAiDeps } from './openai-deps.ts'
import { readRequest } from './read-request.ts'

/** As at OpenAI (API reference, "Embeddings > Create"). */
const maxInputs = 2048
const maxBodyBytes = 20 * 1024 * 1024

const Text = z.string().min(1, 'must not be empty')
const EmbeddingRequest = z.object({
  model: z.string().min(1),
  input: z.union([Text, z.array(Text, 'must be a text or a list of texts; lists of tokens are not taken').min(1).max(maxInputs)]),
  dimensions: z.int().min(1).max(100_000).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
})

export async function createEmbeddings(deps: OpenAiDeps, c: HttpContext, actor: Actor): Promise<Response> {
  const request = await readRequest(c, EmbeddingRequest, maxBodyBytes)
  const model = await requireModel(deps, actor, request.model, 'embedding')
  const { embeddings, inputTokens } = await embedTexts(deps, actor, {
    workspaceId: actor.homeWorkspaceId,
    modelId: model.id,
    texts: typeof request.input === 'string' ? [request.input] : request.input,
    dimensions: request.dimensions ?? null,
    signal: whenGone(c),
  })
  // Not every model can be asked for another size, and none may answer with one that was not asked for.
  if (request.dimensions && embeddings[0]?.length !== request.dimensions) {
    const issue = { path: ['dimensions'], message: `must be ${embeddings[0]?.length}: this model has no other` }
    throw new AppError('request.invalid', { issues: [issue] })
  }
  const data = embeddings.map((embedding, index) => ({
    object: 'embedding',
    index,
    embedding: request.encoding_format === 'base64' ? toBase64(embedding) : embedding,
  }))
  return c.json({ object: 'list', data, model: request.model, usage: { prompt_tokens: inputTokens, total_tokens: inputTokens } })
}

/** 32-bit floats, least significant byte first. */
function toBase64(embedding: readonly number[]): string {
  const bytes = Buffer.from(Float32Array.from(embedding).buffer)
  return (endianness() === 'BE' ? bytes.swap32() : bytes).toString('base64')
}
