import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Bot } from '../../../../contract/bots.ts'
import { api, query } from '../../../api.ts'
import { refreshPreview } from '../page-queries.ts'

export type BotChange = Omit<Parameters<typeof api.bots.update>[0], 'pageId'>

/** Changes what is named of a page's bot, and takes over what the server made of it. */
export function useChangeBot(pageId: Bot['pageId']): (change: BotChange) => Promise<Bot> {
  const client = useQueryClient()
  const { mutateAsync } = useMutation({
    // A list is sent whole, so the last that was sent has to arrive last.
    scope: { id: `bot ${pageId}` },
    mutationFn: (change: BotChange) => api.bots.update({ pageId, ...change }),
    onSuccess: (bot) => {
      client.setQueryData(query.bots.get.queryKey({ input: { pageId } }), bot)
      refreshPreview(client)
    },
  })
  return mutateAsync
}
