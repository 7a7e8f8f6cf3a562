import type { BotTool, QuickAction } from '../../../../contract/bots.ts'
import { botTools } from '../../../../contract/page-choices.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { RadioCards, SelectField, TextAreaField, TextField } from '../../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../../ui/form.tsx'
import { showToast } from '../../../ui/toast.tsx'
import { b } from './strings.ts'

interface Props {
  /** Null: a new one. */
  action: QuickAction | null
  onClose: () => void
  onSave: (action: QuickAction) => Promise<void>
}

interface Values {
  label: string
  kind: QuickAction['kind']
  tool: BotTool
  text: string
}

const kinds = ['tool', 'question'] as const

export function QuickActionDialog({ action, onClose, onSave }: Props) {
  const form = useForm<Values>({
    initial: { label: '', kind: 'tool', tool: botTools[0], text: '', ...action },
    check: ({ label, kind, text }) => ({
      ...(label.trim() === '' && { label: b('action.label.missing') }),
      ...(kind === 'question' && text.trim() === '' && { text: b('action.text.missing') }),
    }),
    submit: async (values) => {
      const label = values.label.trim()
      await onSave(
        values.kind === 'tool' ? { kind: 'tool', label, tool: values.tool } : { kind: 'question', label, text: values.text.trim() },
      )
      showToast({ title: b('actions.saved', { name: label }) })
      onClose()
    },
  })
  const { values, set, errorOf } = form

  return (
    <Dialog open onOpenChange={onClose} title={action ? b('action.title') : b('actions.add')} width="m">
      <form className="form page-dialog" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextField
          label={b('action.label')}
          maxLength={60}
          autoComplete="off"
          value={values.label}
          onChange={(label) => set({ label })}
          error={errorOf('label')}
        />
        <RadioCards
          label={b('action.kind')}
          value={values.kind}
          onChange={(kind) => set({ kind })}
          options={kinds.map((value) => ({ value, label: b(`action.kind.${value}`), detail: b(`action.kind.${value}.detail`) }))}
        />
        {values.kind === 'tool' ? (
          <SelectField
            label={b('action.tool')}
            value={values.tool}
            onChange={(tool) => set({ tool })}
            options={botTools.map((value) => ({ value, label: b(`tool.${value}`) }))}
          />
        ) : (
          <TextAreaField
            label={b('action.text')}
            rows={2}
            maxLength={500}
            value={values.text}
            onChange={(text) => set({ text })}
            error={errorOf('text')}
          />
        )}
        <FormFooter form={form} />
      </form>
    </Dialog>
  )
}
