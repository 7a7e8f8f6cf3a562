import { CircleAlert } from 'lucide-react'
import { useId } from 'react'
import type { QuestionField as Field } from '../../../../../contract/tool-questions.ts'
import { t } from '../../../../strings/index.ts'
import { Checkbox, SelectField, TextField } from '../../../../ui/field.tsx'

interface Props {
  field: Field
  value: string | boolean | string[]
  onChange: (value: string | boolean | string[]) => void
  error: string | undefined
}

const inputTypes = { email: 'email', uri: 'url', date: 'date', 'date-time': 'text' } as const

export function QuestionField({ field, value, onChange, error }: Props) {
  const id = useId()
  const texts = { label: field.title, error, ...(!field.isRequired && { hint: t('conversation.question.optional') }) }
  const help = field.description ?? undefined
  switch (field.type) {
    case 'boolean':
      return <Checkbox label={field.title} help={help} isChecked={value === true} onChange={onChange} />
    case 'choice':
      return (
        <SelectField
          {...texts}
          help={help}
          value={value as string}
          onChange={onChange}
          options={[{ value: '', label: t('conversation.question.choose') }, ...field.options]}
        />
      )
    case 'choices': {
      const chosen = value as string[]
      return (
        <fieldset className="question-choices" tabIndex={-1} data-wrong={error ? true : undefined} aria-describedby={error && id}>
          <legend className="field-label">
            {field.title} {texts.hint && <span className="field-hint">{texts.hint}</span>}
          </legend>
          {field.options.map((option) => (
            <Checkbox
              key={option.value}
              label={option.label}
              isChecked={chosen.includes(option.value)}
              onChange={(isChosen) => onChange(isChosen ? [...chosen, option.value] : chosen.filter((one) => one !== option.value))}
            />
          ))}
          {help && <p className="field-help">{help}</p>}
          {error && (
            <p id={id} className="field-error">
              <CircleAlert size={14} strokeWidth={2} aria-hidden />
              {error}
            </p>
          )}
        </fieldset>
      )
    }
    case 'number':
      return (
        <TextField
          {...texts}
          help={help}
          inputMode={field.isWhole ? 'numeric' : 'decimal'}
          autoComplete="off"
          value={value as string}
          onChange={onChange}
        />
      )
    default:
      return (
        <TextField
          {...texts}
          help={field.format === 'date-time' ? [help, t('conversation.question.moment')].filter(Boolean).join(' ') : help}
          type={field.format === null ? 'text' : inputTypes[field.format]}
          maxLength={field.maxLength ?? undefined}
          autoComplete="off"
          value={value as string}
          onChange={onChange}
        />
      )
  }
}
