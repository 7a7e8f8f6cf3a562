import { CircleAlert } from 'lucide-react'
import { useId } from 'react'
import { Checkbox } from '../../ui/field.tsx'
import './guardrails.css'

/** Any of a few, each with a word about it. */
export function ChoiceField<Value extends string>({
  label,
  help,
  error,
  chosen,
  onChange,
  options,
}: {
  label: string
  help?: string
  error?: string | undefined
  chosen: readonly Value[]
  onChange: (chosen: Value[]) => void
  options: readonly { value: Value; label: string; help?: string }[]
}) {
  const id = useId()
  return (
    <fieldset className="guardrail-choices" aria-describedby={error || help ? id : undefined}>
      <legend className="field-label">{label}</legend>
      {options.map(({ value, label: name, help: about }) => (
        <Checkbox
          key={value}
          label={name}
          help={about}
          isChecked={chosen.includes(value)}
          onChange={(isChosen) => onChange(isChosen ? [...chosen, value] : chosen.filter((one) => one !== value))}
        />
      ))}
      {(error ?? help) && (
        <p id={id} className={error ? 'field-error' : 'field-help'}>
          {error && <CircleAlert size={14} strokeWidth={2} aria-hidden />}
          {error ?? help}
        </p>
      )}
    </fieldset>
  )
}
