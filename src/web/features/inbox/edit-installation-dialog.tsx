import { useQueryClient } from '@tanstack/react-query'
import type { Installation } from '../../../contract/channels.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { AgentField } from '../agents/agent-field.tsx'
import { i } from './strings.ts'

export function EditInstallationDialog({ installation, onClose }: { installation: Installation; onClose: () => void }) {
  const client = useQueryClient()
  const { id, workspaceId, platform, name, agentId, verifiesEmail } = installation
  const form = useForm({
    initial: { name, agentId, verifiesEmail },
    check: (values) => (values.name.trim() === '' ? { name: i('form.name.missing') } : {}),
    submit: async (values) => {
      await api.installations.update({
        id,
        name: values.name,
        // One that this person cannot use stays, unless another is chosen.
        ...(values.agentId !== agentId && { agentId: values.agentId }),
        ...(platform === 'webhook' && { verifiesEmail: values.verifiesEmail }),
      })
      await client.invalidateQueries({ queryKey: query.installations.key() })
      onClose()
    },
  })
  const { values, set, errorOf } = form

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={i('edit.title', { name })} width="m">
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextField
          label={i('form.name')}
          value={values.name}
          maxLength={100}
          autoComplete="off"
          onChange={(changed) => set({ name: changed })}
          error={errorOf('name')}
        />
        <AgentField
          label={i('form.agent')}
          help={i('form.agent.help')}
          workspaceId={workspaceId}
          value={values.agentId}
          onChange={(chosen) => set({ agentId: chosen })}
          error={errorOf('agentId')}
        />
        {platform === 'webhook' && (
          <Checkbox
            label={i('form.verifies')}
            help={i('form.verifies.help')}
            isChecked={values.verifiesEmail}
            onChange={(changed) => set({ verifiesEmail: changed })}
          />
        )}
        <div className="dialog-footer">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {i('edit.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
