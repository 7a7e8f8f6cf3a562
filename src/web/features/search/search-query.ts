import { keepPreviousData } from '@tanstack/react-query'
import type { AgentId, ModelId, WorkspaceId } from '../../../contract/ids.ts'
import { query } from '../../api.ts'
import { type SearchAddress, stretchOf } from './search-address.ts'

/** What stands on the screen stays until the next answer is there. */
export function searchOptions(workspaceId: WorkspaceId, { q = '', model, agent, when }: SearchAddress, limit: number) {
  return query.search.messages.queryOptions({
    input: {
      workspaceId,
      query: q,
      limit,
      ...(model ? { modelId: model as ModelId } : {}),
      ...(agent ? { agentId: agent as AgentId } : {}),
      ...stretchOf(when),
    },
    enabled: q.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })
}
