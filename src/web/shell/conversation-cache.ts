import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import type { Conversation } from '../../contract/conversations.ts'
import { query } from '../api.ts'

interface Page {
  conversations: Conversation[]
  nextCursor: string | null
}
type Pages = InfiniteData<Page, string | undefined>

export interface ListFilter {
  /** Part of a title. */
  search?: string
  tag?: string | undefined
  status?: 'archived' | undefined
}

/** The list of a workspace, what is pinned first, then the newest. */
export const conversationList = (workspaceId: Conversation['workspaceId'], { search = '', tag, status }: ListFilter = {}) =>
  query.conversations.list.infiniteOptions({
    input: (cursor: string | undefined) => ({
      workspaceId,
      ...(cursor === undefined ? {} : { cursor }),
      ...(search === '' ? {} : { search }),
      ...(tag === undefined ? {} : { tag }),
      ...(status === undefined ? {} : { status }),
    }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 5 * 60_000,
  })

function mapPages(client: QueryClient, change: (page: Page, index: number) => Page): void {
  client.setQueriesData<Pages>(
    { queryKey: query.conversations.list.key({ type: 'infinite' }) },
    (data) => data && { ...data, pages: data.pages.map(change) },
  )
}

/** Puts a conversation where its time places it in every list that it belongs to, and into the cache of its own screen. */
export function putConversation(client: QueryClient, conversation: Conversation): void {
  client.setQueryData(query.conversations.get.queryKey({ input: { id: conversation.id } }), conversation)
  const lists = client.getQueryCache().findAll({ queryKey: query.conversations.list.key({ type: 'infinite' }) })
  for (const list of lists) {
    const data = list.state.data as Pages | undefined
    if (!data) continue
    const input = inputOf(list.queryKey)
    const belongs =
      conversation.expiresAt === null &&
      conversation.spawnedByMessageId === null &&
      input.workspaceId === conversation.workspaceId &&
      conversation.isArchived === (input.status === 'archived') &&
      (input.tag === undefined || conversation.tags.includes(input.tag)) &&
      (input.search === undefined || conversation.title.toLowerCase().includes(input.search.toLowerCase()))
    client.setQueryData<Pages>(list.queryKey, placed(data, conversation, belongs))
  }
}

export function dropConversation(client: QueryClient, id: Conversation['id']): void {
  mapPages(client, (page) => ({ ...page, conversations: page.conversations.filter((one) => one.id !== id) }))
}

/** Changes a conversation wherever it is shown, without moving it. */
export function patchConversation(client: QueryClient, id: Conversation['id'], patch: Partial<Conversation>): void {
  client.setQueryData<Conversation>(query.conversations.get.queryKey({ input: { id } }), (one) => one && { ...one, ...patch })
  mapPages(client, (page) => ({ ...page, conversations: page.conversations.map((one) => (one.id === id ? { ...one, ...patch } : one)) }))
}

interface ListInput extends ListFilter {
  workspaceId?: string
}

/** oRPC's keys are `[path, { input, type }]`. */
function inputOf(key: readonly unknown[]): ListInput {
  const [, options] = key as [unknown, { input?: ListInput } | undefined]
  return options?.input ?? {}
}

const isBefore = (one: Conversation, other: Conversation): boolean =>
  one.isPinned === other.isPinned ? one.updatedAt > other.updatedAt : one.isPinned

export function placed(data: Pages, conversation: Conversation, belongs: boolean): Pages {
  const pages = data.pages.map((page) => ({ ...page, conversations: page.conversations.filter((one) => one.id !== conversation.id) }))
  if (!belongs) return { ...data, pages }
  for (const [index, page] of pages.entries()) {
    const at = page.conversations.findIndex((one) => isBefore(conversation, one))
    // Past the end of the last page that was loaded it will come by itself, unless there is nothing beyond.
    const isEnd = index === pages.length - 1 && page.nextCursor === null
    if (at === -1 && !isEnd) continue
    page.conversations.splice(at === -1 ? page.conversations.length : at, 0, conversation)
    break
  }
  return { ...data, pages }
}
