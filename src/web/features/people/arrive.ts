import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { Me } from '../../../contract/people.ts'
import { query } from '../../api.ts'
import { arrivesByLoading } from '../apps/asked.ts'

/** Somebody has just come in: they go where they wanted to. */
export function useArrive(): (me: Me, next?: string) => void {
  const client = useQueryClient()
  const router = useRouter()
  return (me, next) => {
    client.setQueryData(query.people.me.queryKey(), me)
    if (next === undefined) void router.navigate({ to: '/', replace: true })
    else if (arrivesByLoading(next)) window.location.replace(next)
    else router.history.replace(next)
  }
}
