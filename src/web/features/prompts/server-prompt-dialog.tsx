import type { McpPrompt } from '../../../contract/mcp-servers.ts'
import { api } from '../../api.ts'
import { newKey } from '../../new-key.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextAreaField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import type { Panel } from './panels.ts'
import { p } from './strings.ts'

interface Props {
  prompt: McpPrompt
  onInsert: (panel: Panel) => void
  onClose: () => void
}

/** Asks for what a tool server's prompt wants to know, and the server for its text. It is put in as it stands: read before it is sent. */
export function ServerPromptDialog({ prompt, onInsert, onClose }: Props) {
  const name = prompt.title ?? prompt.name
  const form = useForm<Record<string, string>>({
    initial: Object.fromEntries(prompt.arguments.map((argument) => [argument.name, ''])),
    check: (values) =>
      Object.fromEntries(
        prompt.arguments
          .filter((argument) => argument.isRequired && !values[argument.name]?.trim())
          .map((argument) => [argument.name, p('fill.missing')]),
      ),
    submit: async (values) => {
      const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''))
      const { text } = await api.mcpServers.usePrompt({ id: prompt.id, arguments: given })
      // Braces in it are the server's own, and no variables.
      onInsert({ key: newKey(), name, content: text.replaceAll('{{', '\\{{'), values: {} })
    },
  })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} width="m" title={name}>
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <p className="field-help">
          {p('server.of', { name: prompt.serverName })} {prompt.description}
        </p>
        {prompt.arguments.map((argument) => (
          <TextAreaField
            key={argument.name}
            label={argument.name}
            help={argument.description ?? undefined}
            {...(!argument.isRequired && { hint: t('ui.optional') })}
            rows={2}
            value={form.values[argument.name] ?? ''}
            onChange={(value) => form.set({ [argument.name]: value })}
            error={form.errorOf(argument.name)}
          />
        ))}
        <div className="dialog-footer">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {p('fill.insert')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
