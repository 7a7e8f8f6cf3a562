import { useQueryClient } from '@tanstack/react-query'
import type { McpServer } from '../../../contract/mcp-servers.ts'
import { api, query } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { TextAreaField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { showError } from '../../ui/toast.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { pairsOf } from './server-form.ts'
import { m } from './strings.ts'

/** A person's own headers for a server that everybody calls with theirs. */
export function CredentialForm({ server }: { server: McpServer }) {
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: query.mcpServers.key() })
  const form = useForm({
    initial: { headers: '' },
    check: ({ headers }) => {
      const pairs = pairsOf(headers, ':')
      return pairs && Object.keys(pairs).length > 0 ? {} : { headers: m('form.headers.bad') }
    },
    submit: async ({ headers }) => {
      await api.mcpServers.setCredential({ id: server.id, headers: pairsOf(headers, ':')! })
      form.set({ headers: '' })
      await refresh()
    },
  })

  async function forget() {
    try {
      await api.mcpServers.deleteCredential({ id: server.id })
      await refresh()
    } catch (error) {
      showError(error, m('change.failed', { name: server.name }))
    }
  }

  const said =
    server.myCredential === 'ready' ? m('detail.credential.ready') : server.myCredential ? m(`credential.${server.myCredential}`) : ''
  return (
    <SettingsSection title={m('detail.credential')} intro={`${m('detail.credential.intro')} ${said}`}>
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextAreaField
          label={m('form.headers')}
          help={m('form.headers.help')}
          placeholder="Authorization: Bearer …"
          rows={2}
          className="mono"
          autoComplete="off"
          spellCheck={false}
          value={form.values.headers}
          onChange={(headers) => form.set({ headers })}
          error={form.errorOf('headers')}
        />
        <div className="dialog-footer">
          {server.myCredential !== 'missing' && <Button onClick={() => void forget()}>{m('detail.credential.delete')}</Button>}
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {m('detail.credential.save')}
          </Button>
        </div>
      </form>
    </SettingsSection>
  )
}
