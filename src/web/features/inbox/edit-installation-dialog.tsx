import { useQueryClient } from '@tanstack/react-query'
import type { Installation } from '../../../contract/channels.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { AnswerFields, useChatModels } from './answer-fields.tsx'
import { i } from './strings.ts'

export function EditInstallationDialog({ installation, onClose }: { installation: Installation; onClose: () => void }) {
  const client = useQueryClient()
  const models = useChatModels()
  const { id, platform, name, modelId, systemPrompt, verifiesEmail } = installation
  const form = useForm({
    initial: { name, modelId: (modelId ?? '') as string, systemPrompt: systemPrompt ?? '', verifiesEmail },
    check: (values) => (values.name.trim() === '' ? { name: i('form.name.missing') } : {}),
    submit: async (values) => {
      await api.installations.update({
        id,
        name: values.name,
        systemPrompt: values.systemPrompt.trim() === '' ? null : values.systemPrompt,
        // One that is not offered here any more stays, unless another is chosen.
        ...(values.modelId !== (modelId ?? '') && { modelId: models.find((model) => model.id === values.modelId)?.id ?? null }),
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
        <AnswerFields {...form} models={models} />
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
