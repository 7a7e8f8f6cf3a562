import { useQueryClient } from '@tanstack/react-query'
import type { Me } from '../../../contract/people.ts'
import { query } from '../../api.ts'

/** Takes over what the server answers about the person. */
export function useSaveMe(): (me: Me) => void {
  const client = useQueryClient()
  return (me) => client.setQueryData(query.people.me.queryKey(), me)
}
