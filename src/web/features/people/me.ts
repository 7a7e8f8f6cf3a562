import { useSuspenseQuery } from '@tanstack/react-query'
import type { AccessMap, Me } from '../../../contract/people.ts'
import type { Action, Resource } from '../../../contract/endpoint.ts'
import { query } from '../../api.ts'

/** The person who is signed in. Only inside the app's frame, which has loaded it. */
export function useMe(): Me {
  return useSuspenseQuery(query.people.me.queryOptions({ staleTime: 5 * 60_000 })).data
}

function holds(policies: readonly string[] | undefined, resource: Resource, action: Action): boolean {
  return (policies ?? []).some((policy) => {
    const [ofResource, ofAction = '*'] = policy.split(':')
    return (ofResource === '*' || ofResource === resource) && (ofAction === '*' || ofAction === action)
  })
}

/** What to show; the server decides again. A policy of the system holds in every workspace. */
export function can(access: AccessMap, resource: Resource, action: Action, workspaceId?: string): boolean {
  return holds(access.system, resource, action) || (workspaceId !== undefined && holds(access.workspaces[workspaceId], resource, action))
}
