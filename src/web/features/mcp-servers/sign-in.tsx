import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { McpServer } from '../../../contract/mcp-servers.ts'
import { api, query } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { showError } from '../../ui/toast.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { m } from './strings.ts'

/** Leads to where the server has people sign in, and comes back to `signed-in`. */
export function SignIn({ server }: { server: McpServer }) {
  const client = useQueryClient()
  const [isLeaving, setLeaving] = useState(false)
  const state = server.myCredential ?? 'missing'

  async function connect() {
    setLeaving(true)
    try {
      const { url } = await api.mcpServers.authorize({ id: server.id })
      window.location.assign(url)
    } catch (error) {
      setLeaving(false)
      showError(error, m('sign_in.not_begun'))
    }
  }

  async function forget() {
    try {
      await api.mcpServers.deleteCredential({ id: server.id })
      await client.invalidateQueries({ queryKey: query.mcpServers.key() })
    } catch (error) {
      showError(error, m('change.failed', { name: server.name }))
    }
  }

  return (
    <SettingsSection title={m('detail.credential')} intro={m(`sign_in.${state}`)}>
      <div className="dialog-footer">
        {state !== 'missing' && <Button onClick={() => void forget()}>{m('detail.credential.delete')}</Button>}
        <Button variant={state === 'ready' ? 'secondary' : 'primary'} isPending={isLeaving} onClick={() => void connect()}>
          {m(state === 'missing' ? 'sign_in.connect' : 'sign_in.again')}
        </Button>
      </div>
    </SettingsSection>
  )
}
