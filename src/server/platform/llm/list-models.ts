import { z } from 'zod'
import { EgressError, type Egress } from '../egress/index.ts'
import { AppError } from '../errors/index.ts'
import { baseUrlOf, ollamaRoot } from './base-url.ts'
import { builtInModels } from './built-in/models.ts'
import type { ConnectionTarget, ListedModel } from './index.ts'
import { guessKind } from './model-kind.ts'
import { publicSentence } from './provider-error.ts'

const OpenAiList = z.object({
  data: z.array(
    z.object({ id: z.string(), name: z.string().nullish(), context_length: z.number().nullish(), context_window: z.number().nullish() }),
  ),
})
const AnthropicList = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      display_name: z.string().nullish(),
      max_input_tokens: z.number().nullish(),
      max_tokens: z.number().nullish(),
    }),
  ),
  has_more: z.boolean().nullish(),
  last_id: z.string().nullish(),
})
const GoogleList = z.object({
  models: z
    .array(
      z.object({
        name: z.string(),
        displayName: z.string().nullish(),
        inputTokenLimit: z.number().nullish(),
        outputTokenLimit: z.number().nullish(),
        supportedGenerationMethods: z.array(z.string()).nullish(),
      }),
    )
    .default([]),
  nextPageToken: z.string().nullish(),
})
const OllamaTags = z.object({
  models: z.array(z.object({ name: z.string(), details: z.object({ family: z.string().nullish() }).nullish() })),
})

/** More pages than any provider has: only a list that never ends reaches it. */
const maxPages = 20

/** Each provider's list in its own API. Speech, video and other models that nothing here calls are left out. */
export async function listModels(egress: Egress, target: ConnectionTarget, signal: AbortSignal): Promise<ListedModel[]> {
  const base = baseUrlOf(target)
  switch (target.provider) {
    case 'built-in':
      return builtInModels
    case 'anthropic':
      return pages(async (afterId) => {
        const page = await ask(AnthropicList, `${base}/models?limit=1000${afterId ? `&after_id=${encodeURIComponent(afterId)}` : ''}`)
        const models = page.data.map((model) =>
          listed(model.id, { name: model.display_name, maxContext: model.max_input_tokens, maxOutput: model.max_tokens, kind: 'chat' }),
        )
        return { models, next: page.has_more ? page.last_id : null }
      })
    case 'google':
      return pages(async (token) => {
        const page = await ask(GoogleList, `${base}/models?pageSize=1000${token ? `&pageToken=${encodeURIComponent(token)}` : ''}`)
        const models = page.models.map((model) => {
          const methods = model.supportedGenerationMethods ?? []
          const name = model.name.replace(/^models\//, '')
          const isEmbedding = methods.includes('embedContent')
          if (!isEmbedding && !methods.includes('generateContent')) return null
          const limits = { maxContext: model.inputTokenLimit, maxOutput: isEmbedding ? null : model.outputTokenLimit }
          return listed(name, { name: model.displayName, ...limits, kind: isEmbedding ? 'embedding' : guessKind(name) })
        })
        return { models, next: page.nextPageToken }
      })
    case 'ollama': {
      const { models } = await ask(OllamaTags, `${ollamaRoot(base)}/api/tags`)
      return present(
        models.map(({ name, details }) => listed(name, { kind: /bert/.test(details?.family ?? '') ? 'embedding' : guessKind(name) })),
      )
    }
    default: {
      const { data } = await ask(OpenAiList, `${base}/models`)
      return present(
        data.map((model) =>
          listed(model.id, { name: model.name, maxContext: model.context_length ?? model.context_window, kind: guessKind(model.id) }),
        ),
      )
    }
  }

  async function pages(load: (cursor: string | null) => Promise<{ models: (ListedModel | null)[]; next: string | null | undefined }>) {
    const all: (ListedModel | null)[] = []
    let cursor: string | null = null
    for (let count = 0; count < maxPages; count++) {
      const page = await load(cursor)
      all.push(...page.models)
      if (!page.next) break
      cursor = page.next
    }
    return present(all)
  }

  async function ask<Schema extends z.ZodType<unknown, unknown>>(schema: Schema, url: string): Promise<z.output<Schema>> {
    const response = await send(url)
    if (response.status === 429) return schema.parse({ data: [], models: [] })
    const text = await response.text().catch((cause: unknown) => {
      throw new AppError('connection.unreachable', { cause })
    })
    if (!response.ok) throw refusal(response.status, text)
    const parsed = schema.safeParse(readJson(text))
    if (!parsed.success) throw unexpected('It answered, but not with a list of models. Is the address complete?')
    return parsed.data
  }

  async function send(url: string): Promise<Response> {
    try {
      return await egress.fetch(
        url,
        { headers: keyHeaders(target), signal },
        { ...limits, allowsPrivateAddress: target.allowsPrivateAddress },
      )
    } catch (error) {
      if (error instanceof EgressError) throw new AppError('connection.unreachable', { cause: error })
      throw error
    }
  }
}

const limits = { firstByteTimeoutMs: 15_000, idleTimeoutMs: 15_000, totalTimeoutMs: 30_000, maxBytes: 16 * 1024 * 1024 }

function keyHeaders({ provider, apiKey, headers }: ConnectionTarget): Record<string, string> {
  const key = apiKey?.reveal()
  const own: Record<string, string> = provider === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {}
  if (key) {
    if (provider === 'anthropic') own['x-api-key'] = key
    else if (provider === 'google') own['x-goog-api-key'] = key
    else own.authorization = `Bearer ${key}`
  }
  for (const [name, value] of Object.entries(headers)) own[name.toLowerCase()] = value.reveal()
  return own
}

/** 400 is how Gemini and xAI tell that they do not know a key. */
function refusal(status: number, text: string): AppError {
  if (status === 401 || status === 403 || (status === 400 && /api.?key/i.test(text))) return new AppError('connection.rejected')
  if (status === 402) return new AppError('connection.rejected', { detail: 'The account has no credit.' })
  return unexpected(`It answered with status ${status}${status === 404 ? ': nothing is at this address' : ''}.`)
}

function unexpected(detail: string): AppError {
  return new AppError('connection.unreachable', { detail: publicSentence(detail) })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Told = { [Key in 'name' | 'maxContext' | 'maxOutput']?: ListedModel[Key] | undefined } & { kind: ListedModel['kind'] | null }

function listed(internalName: string, told: Told): ListedModel | null {
  if (told.kind === null) return null
  return { internalName, name: told.name ?? null, kind: told.kind, maxContext: told.maxContext ?? null, maxOutput: told.maxOutput ?? null }
}

function present(models: (ListedModel | null)[]): ListedModel[] {
  return models.filter((model) => model !== null)
}
