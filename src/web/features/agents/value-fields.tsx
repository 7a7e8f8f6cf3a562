import { problemsOf, variablesOf } from '../../../contract/prompt-text.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { a } from './strings.ts'

interface Props {
  instructions: string
  values: Record<string, string>
  onChange: (values: Record<string, string>) => void
  /** Once somebody has tried to save. */
  error: string | undefined
}

/** A field for each variable of the instructions. */
export function ValueFields({ instructions, values, onChange, error }: Props) {
  const variables = variablesOf(instructions)
  const problems = problemsOf(variables, values)
  const change = (name: string, value: string) => {
    const { [name]: _, ...others } = values
    onChange(value === '' ? others : { ...others, [name]: value })
  }
  return variables.map(({ name, type, description, default: usual, options }) => {
    const texts = { label: a('form.value', { name }), help: description ?? undefined, error: problems.has(name) ? error : undefined }
    const value = values[name] ?? ''
    if (options.length > 0) {
      const choices = options.map((option) => ({ value: option, label: option }))
      return (
        <SelectField key={name} {...texts} value={value || (usual ?? '')} onChange={(chosen) => change(name, chosen)} options={choices} />
      )
    }
    return (
      <TextField
        key={name}
        {...texts}
        type={type === 'date' ? 'date' : 'text'}
        placeholder={usual ?? undefined}
        maxLength={10_000}
        value={value}
        onChange={(typed) => change(name, typed)}
      />
    )
  })
}
