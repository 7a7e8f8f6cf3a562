import { useQueryClient } from '@tanstack/react-query'
import type { McpServer } from '../../../contract/mcp-servers.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { RadioCards, TextAreaField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { can, useMe } from '../people/me.ts'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { checkServer, ServerFields } from './server-fields.tsx'
import { emptyServer, linesOf, pairsOf, type ServerValues } from './server-form.ts'
import { m } from './strings.ts'

const example = '{"mcpServers": {"weather": {"url": "https://…"}}}'

/** By form, or by the JSON of other clients. Who may not run code here is not offered programs. */
export function NewServerDialog({ onClose, onAdded }: { onClose: () => void; onAdded: (servers: readonly McpServer[]) => void }) {
  const client = useQueryClient()
  const { id: workspaceId } = useWorkspace()
  const { access } = useMe()
  const form = useForm<ServerValues>({
    initial: emptyServer,
    check: (values) =>
      values.kind === 'json' ? { ...(values.json.trim() === '' && { json: m('form.json.missing') }) } : checkServer(values),
    submit: async (values) => {
      const added = await add(workspaceId, values)
      void client.invalidateQueries({ queryKey: query.mcpServers.key() })
      onAdded(added)
      onClose()
    },
  })
  const { values, set, errorOf } = form
  const kinds = can(access, 'server-program', 'create') ? (['http', 'stdio', 'json'] as const) : (['http', 'json'] as const)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={m('new')} width="m">
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <RadioCards
          label={m('form.kind')}
          value={values.kind}
          onChange={(kind) => set({ kind })}
          options={kinds.map((value) => ({ value, label: m(`form.kind.${value}`), detail: m(`form.kind.${value}.detail`) }))}
        />
        {values.kind === 'json' ? (
          <TextAreaField
            label={m('form.json')}
            help={m('form.json.help', { example })}
            rows={10}
            className="mono"
            autoComplete="off"
            spellCheck={false}
            value={values.json}
            onChange={(json) => set({ json })}
            error={errorOf('json')}
          />
        ) : (
          <ServerFields form={form} server={null} />
        )}
        <div className="dialog-footer">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {m('form.add')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

async function add(workspaceId: McpServer['workspaceId'], values: ServerValues): Promise<McpServer[]> {
  const { kind, name, url, isSse, command, args, env, headers, credentials, trustsHints, json } = values
  if (kind === 'json') return api.mcpServers.createFromJson({ workspaceId, json })
  const common = { workspaceId, name: name.trim(), trustsHints }
  if (kind === 'stdio')
    return [
      await api.mcpServers.create({ ...common, transport: 'stdio', command: command.trim(), args: linesOf(args), env: pairsOf(env, '=')! }),
    ]
  return [
    await api.mcpServers.create({
      ...common,
      transport: isSse ? 'sse' : 'http',
      url: url.trim(),
      headers: pairsOf(headers, ':')!,
      credentials,
    }),
  ]
}
