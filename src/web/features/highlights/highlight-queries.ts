import type { Highlight } from '../../../contract/highlights.ts'
import type { ConversationId } from '../../../contract/ids.ts'
import { api, query } from '../../api.ts'
import { newKey } from '../../new-key.ts'
import { queryClient } from '../../query-client.ts'
import { showError } from '../../ui/toast.tsx'
import { h } from './strings.ts'

/** Events tell of every change, also of those made here. */
export const highlightsOf = (id: ConversationId) =>
  query.highlights.listOfConversation.queryOptions({ input: { id }, staleTime: Number.POSITIVE_INFINITY })

type New = Pick<Highlight, 'conversationId' | 'messageId' | 'kind' | 'textQuote' | 'start' | 'end' | 'language' | 'color'>

async function change(id: ConversationId, apply: (known: Highlight[]) => Highlight[], call: () => Promise<unknown>, failed: string) {
  const { queryKey } = highlightsOf(id)
  await queryClient.cancelQueries({ queryKey })
  const before = queryClient.getQueryData(queryKey)
  queryClient.setQueryData(queryKey, (known) => apply(known ?? []))
  try {
    await call()
    await queryClient.invalidateQueries({ queryKey: query.highlights.key() })
  } catch (error) {
    queryClient.setQueryData(queryKey, before)
    showError(error, failed)
  }
}

/** Drawn at once; gone again, in words, where it was not kept. */
export function addHighlight(made: New): Promise<void> {
  const { conversationId: id, messageId, ...rest } = made
  const now = new Date().toISOString()
  const shown: Highlight = {
    ...made,
    id: newKey() as Highlight['id'],
    conversationTitle: '',
    depth: 0,
    note: null,
    isPinned: false,
    createdAt: now,
    updatedAt: now,
  }
  return change(
    id,
    (known) => [...known, shown],
    () => api.highlights.create({ id, messageId, ...rest }),
    h('add.failed'),
  )
}

export function changeHighlight(
  { id, conversationId }: Highlight,
  patch: { color?: Highlight['color']; note?: string | null; isPinned?: boolean },
): Promise<void> {
  return change(
    conversationId,
    (known) => known.map((one) => (one.id === id ? { ...one, ...patch } : one)),
    () => api.highlights.update({ id, ...patch }),
    h('change.failed'),
  )
}

export function removeHighlight({ id, conversationId }: Highlight): Promise<void> {
  return change(
    conversationId,
    (known) => known.filter((one) => one.id !== id),
    () => api.highlights.delete({ id }),
    h('remove.failed'),
  )
}
