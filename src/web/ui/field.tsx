import { Check, ChevronDown, CircleAlert } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId } from 'react'
import './field.css'

interface FieldTexts {
  label: string
  help?: ReactNode
  /** In words; shown below in place of nothing, so the form does not jump when it is one line. */
  error?: string | undefined
  /** Said after the label, for what may be left out. */
  hint?: string
}

interface Wiring {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

/** Label above, help and error below, all tied to the control that `children` draws. */
export function Field({ label, help, error, hint, children }: FieldTexts & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId()
  const describedBy = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
        {hint && <span className="field-hint">{hint}</span>}
      </label>
      {children({ id, 'aria-describedby': describedBy || undefined, 'aria-invalid': error ? true : undefined })}
      {error && (
        <p id={`${id}-error`} className="field-error">
          <CircleAlert size={14} strokeWidth={2} aria-hidden />
          {error}
        </p>
      )}
      {help && (
        <p id={`${id}-help`} className="field-help">
          {help}
        </p>
      )}
    </div>
  )
}

type Control<Tag extends 'input' | 'textarea' | 'select'> = FieldTexts &
  Omit<ComponentProps<Tag>, 'id' | 'onChange' | 'value'> & { value: string; onChange: (value: string) => void }

export function TextField({ label, help, error, hint, value, onChange, className, ...rest }: Control<'input'>) {
  return (
    <Field label={label} help={help} error={error} {...(hint ? { hint } : {})}>
      {(wiring) => (
        <input
          {...rest}
          {...wiring}
          className={className ? `input ${className}` : 'input'}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

export function TextAreaField({ label, help, error, hint, value, onChange, className, rows = 4, ...rest }: Control<'textarea'>) {
  return (
    <Field label={label} help={help} error={error} {...(hint ? { hint } : {})}>
      {(wiring) => (
        <textarea
          {...rest}
          {...wiring}
          rows={rows}
          className={className ? `input ${className}` : 'input'}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

export interface Option<Value extends string = string> {
  value: Value
  label: string
  isDisabled?: boolean
}

interface SelectProps<Value extends string> extends Omit<ComponentProps<'select'>, 'onChange' | 'value'> {
  value: Value
  onChange: (value: Value) => void
  options: readonly Option<Value>[]
}

/** The platform's own: right on a phone, under a screen reader and at any zoom. For long lists there is `Picker`. */
export function Select<Value extends string>({ value, onChange, options, className, ...rest }: SelectProps<Value>) {
  return (
    <span className="select">
      <select
        {...rest}
        className={className ? `input ${className}` : 'input'}
        value={value}
        onChange={(event) => onChange(event.target.value as Value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.isDisabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
    </span>
  )
}

export function SelectField<Value extends string>({ label, help, error, hint, ...rest }: FieldTexts & SelectProps<Value>) {
  return (
    <Field label={label} help={help} error={error} {...(hint ? { hint } : {})}>
      {(wiring) => <Select {...rest} {...wiring} />}
    </Field>
  )
}

export function Checkbox({
  label,
  help,
  isChecked,
  onChange,
  isDisabled,
}: {
  label: ReactNode
  help?: ReactNode
  isChecked: boolean
  onChange: (checked: boolean) => void
  isDisabled?: boolean
}) {
  const id = useId()
  return (
    <div className="checkbox">
      <span className="checkbox-box">
        <input
          type="checkbox"
          id={id}
          checked={isChecked}
          disabled={isDisabled}
          aria-describedby={help ? `${id}-help` : undefined}
          onChange={(event) => onChange(event.target.checked)}
        />
        <Check size={12} strokeWidth={3} aria-hidden />
      </span>
      <div>
        <label htmlFor={id}>{label}</label>
        {help && (
          <p id={`${id}-help`} className="field-help">
            {help}
          </p>
        )}
      </div>
    </div>
  )
}

/** A few choices that are worth seeing side by side, each with a sentence. */
export function RadioCards<Value extends string>({
  label,
  help,
  value,
  onChange,
  options,
}: {
  label: string
  help?: ReactNode
  value: Value
  onChange: (value: Value) => void
  options: readonly { value: Value; label: string; detail?: ReactNode }[]
}) {
  const name = useId()
  return (
    <fieldset className="radio-cards" aria-describedby={help ? `${name}-help` : undefined}>
      <legend className="field-label">{label}</legend>
      {help && (
        <p id={`${name}-help`} className="field-help">
          {help}
        </p>
      )}
      <div className="radio-cards-options">
        {options.map((option) => (
          <label key={option.value} className="radio-card">
            <input type="radio" name={name} value={option.value} checked={value === option.value} onChange={() => onChange(option.value)} />
            <span>
              <span className="radio-card-label">{option.label}</span>
              {option.detail && <span className="field-help">{option.detail}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
