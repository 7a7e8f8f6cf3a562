import { useState } from 'react'
import { missingValues, type PromptVariable, variablesOf } from '../../../contract/prompt-text.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextAreaField } from '../../ui/field.tsx'
import { useHasKeyboard } from '../conversations/composer/has-keyboard.ts'
import { PromptPreview } from './prompt-preview.tsx'
import { p } from './strings.ts'
import '../../ui/form.css'
import './prompts.css'

interface Props {
  prompt: { name: string; content: string }
  initial: Readonly<Record<string, string>>
  onInsert: (values: Record<string, string>) => void
  onClose: () => void
}

/** Asks for the variables of a prompt and shows what will be sent. */
export function FillPromptDialog({ prompt, initial, onInsert, onClose }: Props) {
  const variables = variablesOf(prompt.content)
  const [values, setValues] = useState<Record<string, string>>({ ...initial })
  const [isChecked, setChecked] = useState(false)
  const hasKeyboard = useHasKeyboard()
  const missing = missingValues(variables, values)

  function insert(form: HTMLFormElement) {
    setChecked(true)
    if (missing.length === 0) onInsert(values)
    else form.querySelector<HTMLElement>(`[name="${CSS.escape(missing[0]!)}"]`)?.focus()
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} width="m" title={prompt.name}>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          insert(event.currentTarget)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          insert(event.currentTarget)
        }}
      >
        {variables.map((variable) => (
          <VariableField
            key={variable.name}
            variable={variable}
            value={valueOf(values, variable)}
            onChange={(value) => setValues({ ...values, [variable.name]: value })}
            error={isChecked && missing.includes(variable.name) ? p('fill.missing') : undefined}
          />
        ))}
        <section aria-label={p('editor.preview')} className="prompt-preview-box" tabIndex={0}>
          <PromptPreview content={prompt.content} values={values} />
        </section>
        <div className="form-footer">
          <Button type="submit" variant="primary">
            {p('fill.insert')}
          </Button>
          <Button variant="quiet" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          {hasKeyboard && <p className="form-state">{p('fill.help')}</p>}
        </div>
      </form>
    </Dialog>
  )
}

const valueOf = (values: Readonly<Record<string, string>>, { name, default: otherwise }: PromptVariable): string =>
  (Object.hasOwn(values, name) ? values[name] : otherwise) ?? ''

interface FieldProps {
  variable: PromptVariable
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

function VariableField({ variable: { name, type, description, default: otherwise, options }, value, error, onChange }: FieldProps) {
  const texts = { label: name, help: description ?? undefined, error }
  if (type === 'choice')
    return (
      <SelectField {...texts} name={name} value={value} onChange={onChange} options={options.map((one) => ({ value: one, label: one }))} />
    )
  return (
    <TextAreaField
      {...texts}
      {...(otherwise === '' ? { hint: t('ui.optional') } : {})}
      name={name}
      rows={1}
      className="prompt-value"
      required={otherwise === null}
      value={value}
      onChange={onChange}
    />
  )
}
