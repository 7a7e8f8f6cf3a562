import type { PromptVariable, ValueProblem } from '../../../contract/prompt-text.ts'
import { t } from '../../strings/index.ts'
import { Checkbox, SelectField, TextAreaField, TextField } from '../../ui/field.tsx'
import { p } from './strings.ts'

interface Props {
  variable: PromptVariable
  value: string
  problem: ValueProblem | undefined
  onChange: (value: string) => void
}

/** Asks for one value, by what it is. */
export function VariableField({ variable, value, problem, onChange }: Props) {
  const { name, type, description, default: otherwise, options } = variable
  const help = description ?? undefined
  const texts = { label: name, help, name, error: problem && p(`fill.${problem}`), value, onChange }
  const entry = { ...texts, ...(otherwise === '' ? { hint: t('ui.optional') } : {}), required: otherwise === null }
  switch (type) {
    case 'choice':
      return <SelectField {...texts} options={options.map((one) => ({ value: one, label: one }))} />
    case 'yes-no':
      return <Checkbox label={name} help={help} isChecked={value === 'yes'} onChange={(isYes) => onChange(isYes ? 'yes' : 'no')} />
    case 'number':
      return <TextField {...entry} inputMode="decimal" autoComplete="off" />
    case 'date':
      return <TextField {...entry} type="date" />
    case 'long':
      return <TextAreaField {...entry} rows={6} />
    case 'text':
      return <TextAreaField {...entry} rows={1} className="prompt-value" />
  }
}
