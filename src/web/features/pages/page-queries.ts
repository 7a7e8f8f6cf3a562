import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import type { Page } from '../../../contract/pages.ts'
import { query } from '../../api.ts'

/** What was asked for the preview no longer looks like that. */
export function refreshPreview(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: query.pages.preview.key() })
}

/** Takes over what the server answered about a page. */
export function useSavePage(): (page: Page) => void {
  const client = useQueryClient()
  return (page) => {
    client.setQueryData(query.pages.list.queryKey(), (all) => all?.map((one) => (one.id === page.id ? page : one)))
    refreshPreview(client)
  }
}
