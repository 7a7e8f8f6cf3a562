import { useQueryClient } from '@tanstack/react-query'
import type { McpServer } from '../../../contract/mcp-servers.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { checkServer, ServerFields } from './server-fields.tsx'
import { emptyServer, linesOf, pairsOf, type ServerValues } from './server-form.ts'
import { m } from './strings.ts'

/** What is sealed is not shown: left empty it stays. */
export function EditServerDialog({ server, onClose }: { server: McpServer; onClose: () => void }) {
  const client = useQueryClient()
  const initial: ServerValues = {
    ...emptyServer,
    kind: server.transport === 'stdio' ? 'stdio' : 'http',
    name: server.name,
    url: server.url ?? '',
    command: server.command ?? '',
    args: server.args.join('\n'),
    credentials: server.credentials,
    trustsHints: server.trustsHints,
    sampling: server.sampling,
  }
  const form = useForm<ServerValues>({
    initial,
    check: checkServer,
    submit: async (values) => {
      await api.mcpServers.update({ id: server.id, ...changesOf(server, initial, values) })
      void client.invalidateQueries({ queryKey: query.mcpServers.key() })
      onClose()
    },
  })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={m('form.edit', { name: server.name })} width="m">
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <ServerFields form={form} server={server} />
        <div className="dialog-footer">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {m('form.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** Only what is different: changing a program is a right of its own, renaming one is not. */
function changesOf(server: McpServer, before: ServerValues, values: ServerValues) {
  const { name, url, command, args, env, headers, credentials, trustsHints, sampling } = values
  return {
    ...(name.trim() !== before.name && { name: name.trim() }),
    ...(trustsHints !== before.trustsHints && { trustsHints }),
    ...(sampling !== before.sampling && { sampling }),
    ...(server.transport === 'stdio'
      ? {
          ...(command.trim() !== before.command && { command: command.trim() }),
          ...(args !== before.args && { args: linesOf(args) }),
          ...(env.trim() !== '' && { env: pairsOf(env, '=')! }),
        }
      : {
          ...(url.trim() !== before.url && { url: url.trim() }),
          ...(headers.trim() !== '' && { headers: pairsOf(headers, ':')! }),
          ...(credentials !== before.credentials && { credentials }),
        }),
  }
}
