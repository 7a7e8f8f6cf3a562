import type { QueryClient } from '@tanstack/react-query'
import type { Import } from '../../../contract/imports.ts'
import { query } from '../../api.ts'

/** Shows an import as it is now wherever it is shown. What is older than what is known of the upload changes nothing of that. */
export function putImport(client: QueryClient, changed: Import): void {
  const merge = (known: Import): Import => (changed.status === 'uploading' && known.receivedBytes > changed.receivedBytes ? known : changed)
  client.setQueriesData<Import[]>({ queryKey: query.imports.list.key({ input: { workspaceId: changed.workspaceId } }) }, (known) => {
    if (!known) return known
    return known.some(({ id }) => id === changed.id) ? known.map((one) => (one.id === changed.id ? merge(one) : one)) : [changed, ...known]
  })
  client.setQueriesData<Import>({ queryKey: query.imports.get.key({ input: { id: changed.id } }) }, (known) => known && merge(known))
}
