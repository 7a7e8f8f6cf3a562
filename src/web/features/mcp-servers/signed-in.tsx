import { useQuery } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { query } from '../../api.ts'
import { connectMark } from '../../connect-mark.ts'
import { Loading } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { m } from './strings.ts'

/** Where a person comes back to from a server's sign-in. What they bring counts once, so it is taken out of the address at once. */
export function SignedIn() {
  const [brought] = useState(() => new URLSearchParams(window.location.search))
  useEffect(() => window.history.replaceState(window.history.state, '', window.location.pathname), [])
  const text = (name: string) => brought.get(name) ?? undefined
  const { state = '', ...rest } = { state: text('state'), code: text('code'), iss: text('iss'), error: text('error')?.slice(0, 200) }
  const input = { state, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) }
  const finished = useQuery({
    ...query.mcpServers.finishAuthorization.queryOptions({ input }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  const [isBeside] = useState(() => sessionStorage.getItem(connectMark) !== null)
  useEffect(() => {
    if (!finished.data || !isBeside) return
    sessionStorage.removeItem(connectMark)
    window.close()
  }, [finished.data, isBeside])
  if (finished.data && isBeside)
    return (
      <SettingsPage title={m('title')}>
        <p role="status">{m('sign_in.close', { name: finished.data.name })}</p>
      </SettingsPage>
    )
  if (finished.data) return <Navigate to="/settings/tool-servers/$serverId" params={{ serverId: finished.data.id }} replace />
  return (
    <SettingsPage title={m('title')}>
      {finished.isError ? (
        <>
          <ErrorState error={finished.error} />
          <Link to="/settings/tool-servers">{m('sign_in.back')}</Link>
        </>
      ) : (
        <Loading label={m('sign_in.finishing')}>{null}</Loading>
      )}
    </SettingsPage>
  )
}
