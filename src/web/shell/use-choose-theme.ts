import { useEffect } from 'react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { query } from '../api.ts'
import { useMe } from '../features/people/me.ts'
import { setTheme, type Theme, useTheme } from '../theme.ts'
import { showError } from '../ui/toast.tsx'

/** The theme follows the person: chosen here, kept by the server, taken over by their other devices. */
export function useChooseTheme(): [theme: Theme, choose: (theme: Theme) => void] {
  const theme = useTheme()
  const client = useQueryClient()
  const save = useMutation(
    query.people.updateSettings.mutationOptions({
      onSuccess: (me) => client.setQueryData(query.people.me.queryKey(), me),
      onError: (error) => showError(error),
    }),
  )
  return [
    theme,
    (next) => {
      setTheme(next)
      save.mutate({ theme: next })
    },
  ]
}

/** The server's word counts when the person arrives and when another device changes it. */
export function useThemeOfPerson(): void {
  const { theme } = useMe().settings
  useEffect(() => setTheme(theme), [theme])
}
