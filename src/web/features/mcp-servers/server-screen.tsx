import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { McpServer } from '../../../contract/mcp-servers.ts'
import { query } from '../../api.ts'
import { formatInstant } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { can, useMe } from '../people/me.ts'
import { SettingsPage, SettingsSection } from '../settings/settings-page.tsx'
import { CredentialForm } from './credential-form.tsx'
import { ServerState } from './server-state.tsx'
import { SignIn } from './sign-in.tsx'
import { m } from './strings.ts'
import { ToolTable } from './tool-table.tsx'
import { useTestServers } from './use-test-servers.ts'

/** One server: what its tools may do, one's own credentials, and what became of its connection. */
export function ServerScreen() {
  const { serverId } = useParams({ from: '/app/settings/tool-servers/$serverId' })
  const id = serverId as McpServer['id']
  const server = useQuery(query.mcpServers.get.queryOptions({ input: { id } }))
  const { access } = useMe()
  const { testing, test } = useTestServers()
  if (!server.data)
    return (
      <SettingsPage title={m('title')}>
        {server.isError ? <ErrorState error={server.error} onRetry={() => void server.refetch()} /> : <RowListSkeleton rows={4} />}
      </SettingsPage>
    )
  const one = server.data
  const mayChange = can(access, 'mcp-server', 'update', one.workspaceId)
  const action = mayChange && (
    <Button isPending={testing.has(id)} onClick={() => void test(one)}>
      {m(testing.has(id) ? 'testing' : 'test')}
    </Button>
  )
  return (
    <SettingsPage title={one.name} action={action}>
      <p className="settings-intro">
        <ServerState server={one} />
        {one.serverName &&
          ` · ${m('detail.about', { name: one.serverName, version: one.serverVersion ?? '', protocol: one.protocol ?? '' })}`}
        {one.statusReason && ` · ${one.statusReason}`}
      </p>
      {one.credentials === 'personal' && <CredentialForm server={one} />}
      {one.credentials === 'oauth' && <SignIn server={one} />}
      <SettingsSection title={m('detail.tools')} intro={m('detail.tools.intro')}>
        <ToolTable id={id} mayChange={mayChange} />
      </SettingsSection>
      <SettingsSection title={m('detail.history')}>
        <History id={id} />
      </SettingsSection>
    </SettingsPage>
  )
}

function History({ id }: { id: McpServer['id'] }) {
  const events = useQuery(query.mcpServers.listEvents.queryOptions({ input: { id } }))
  if (events.isPending) return <RowListSkeleton rows={2} />
  if (events.isError) return <ErrorState error={events.error} onRetry={() => void events.refetch()} />
  if (events.data.length === 0) return <p className="settings-intro">{m('detail.history.none')}</p>
  return (
    <ul className="row-list">
      {events.data.map((event) => (
        <li key={`${event.at}${event.status}`} className="row">
          <div className="row-text">
            <p className="row-title">{m(`status.${event.status}`)}</p>
            <div className="row-detail">
              {formatInstant(event.at)}
              {event.reason && ` · ${event.reason}`}
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}
