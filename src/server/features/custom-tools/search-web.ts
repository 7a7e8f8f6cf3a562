import { z } from 'zod'
import { EgressError } from '../../platform/egress/index.ts'
import { type CitedAnswer, ToolFailure } from '../tools/index.ts'
import type { CallContext } from './call-api.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { openKey, type Search } from './prepare-search.ts'
import type { CustomToolRow } from './store.ts'

const Arguments = z.object({ query: z.string().trim().min(1).max(400), count: z.number().int().min(1).max(10).default(5) })
const Found = z.object({ title: z.string().default(''), url: z.url({ protocol: /^https?$/ }).max(2048) })
const withContent = z.object({ results: z.array(z.unknown()).default([]) })
const withWeb = z.object({ web: withContent.default({ results: [] }) })
const maxPassage = 1_000

interface Result {
  title: string
  url: string
  passage: string
}

/** Asks the workspace's provider. Errors: `ToolFailure`, in words for a model; `connection.address_forbidden`. */
export async function searchWeb(
  deps: Pick<CustomToolsDeps, 'vault' | 'egress'>,
  tool: CustomToolRow,
  args: Record<string, unknown>,
  { signal }: CallContext,
): Promise<CitedAnswer> {
  if (tool.configuration.kind !== 'web_search') throw new Error(`${tool.slug} is no search`)
  const parsed = Arguments.safeParse(args)
  if (!parsed.success) throw new ToolFailure(`The arguments are not valid:\n${z.prettifyError(parsed.error)}`)
  const { query, count } = parsed.data
  const { url, init } = requestOf(tool.configuration, openKey(deps, tool, tool.configuration), query, count)
  try {
    const response = await deps.egress.fetch(url, { ...init, signal }, { maxBytes: 4 * 1024 * 1024, totalTimeoutMs: 20_000 })
    if (!response.ok) throw new ToolFailure(`The search answered with status ${response.status}.`)
    const results = read(tool.configuration, await response.json().catch(() => undefined)).slice(0, count)
    return { text: textOf(query, results), sources: results.map((one) => ({ url: one.url, title: one.title || null })) }
  } catch (error) {
    if (error instanceof EgressError) throw new ToolFailure(`The search could not be asked: ${error.message}`)
    throw error
  }
}

/** Brave Search API, Tavily's `POST /search`, SearXNG's search API with `format=json`, each as its maker documents it. */
function requestOf({ provider, baseUrl }: Search, key: string | null, query: string, count: number): { url: URL; init: RequestInit } {
  const at = (path: string) => new URL(`${baseUrl.replace(/\/+$/, '')}/${path}`)
  if (provider === 'tavily') {
    const headers = { authorization: `Bearer ${key ?? ''}`, 'content-type': 'application/json' }
    return { url: at('search'), init: { method: 'POST', headers, body: JSON.stringify({ query, max_results: count }) } }
  }
  const url = at(provider === 'brave' ? 'web/search' : 'search')
  url.searchParams.set('q', query)
  if (provider === 'brave') {
    url.searchParams.set('count', String(count))
    return { url, init: { headers: { accept: 'application/json', 'x-subscription-token': key ?? '' } } }
  }
  url.searchParams.set('format', 'json')
  return { url, init: { headers: { accept: 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) } } }
}

function read({ provider }: Search, answer: unknown): Result[] {
  const parsed = provider === 'brave' ? withWeb.transform(({ web }) => web).safeParse(answer) : withContent.safeParse(answer)
  if (!parsed.success) throw new ToolFailure('The search did not answer with results.')
  return parsed.data.results.flatMap((item) => {
    const found = Found.safeParse(item)
    if (!found.success) return []
    const { description, content } = item as { description?: unknown; content?: unknown }
    return [{ url: found.data.url, title: plain(found.data.title, 200), passage: plain(description ?? content, maxPassage) }]
  })
}

/** Brave marks what was found by tags. */
function plain(value: unknown, length: number): string {
  const words = (typeof value === 'string' ? value : '')
    .replaceAll(/<\/?(?:strong|b|em|mark)>/g, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
  return words.length > length ? `${words.slice(0, length)}…` : words
}

function textOf(query: string, results: readonly Result[]): string {
  if (results.length === 0) return `Nothing was found for “${query}”.`
  return results.map(({ title, url, passage }, index) => `${index + 1}. ${title || url}\n${url}\n${passage}`).join('\n\n')
}
