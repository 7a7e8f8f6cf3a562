import { useQuery } from '@tanstack/react-query'
import type { AgentSummary } from '../../../contract/agents.ts'
import type { AgentId } from '../../../contract/ids.ts'
import { query } from '../../api.ts'
import { useWorkspace } from '../workspaces/current-workspace.ts'

/** Those that can be chosen here, the last changed first; more than a hundred are found by search on their screen. */
export function useAgents(): readonly AgentSummary[] | undefined {
  const { id: workspaceId } = useWorkspace()
  return useQuery(query.agents.list.queryOptions({ input: { workspaceId, limit: 100 } })).data?.agents
}

/** The one that answers. `isGone`: it was deleted, or is not shared any more. */
export function useAgent(id: AgentId | null | undefined) {
  const { data, error } = useQuery({
    ...query.agents.get.queryOptions({ input: { id: id! }, retry: false }),
    enabled: id !== null && id !== undefined,
  })
  return { agent: id ? data : undefined, isGone: Boolean(id) && error !== null && 'code' in error && error.code === 'agent.not_found' }
}
