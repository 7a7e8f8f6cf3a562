import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Model } from '../../../contract/models.ts'
import { Field } from '../../ui/field.tsx'
import { Picker } from '../../ui/picker.tsx'
import { modelGroups } from './model-groups.ts'
import './model-settings.css'
import { m } from './strings.ts'

interface Props {
  label: string
  help?: ReactNode
  error?: string | undefined
  /** Undefined while nobody knows them, or where this person may not. */
  models: readonly Model[] | undefined
  value: string | null
  /** Null: left to somebody else, in the words of `none`. */
  onChange: (model: Model | null) => void
  none: string
  isDisabled?: boolean
}

/** One chat model of those that can be used, or none. */
export function ModelField({ label, help, error, models, value, onChange, none, isDisabled = false }: Props) {
  const chosen = models?.find((model) => model.id === value)
  const unknown = models ? m('choice.unknown') : ''
  return (
    <Field label={label} help={help} error={error}>
      {(wiring) => (
        <Picker
          label={label}
          trigger={
            <button type="button" {...wiring} className="input default-model-button" disabled={isDisabled}>
              <span>{value === null ? none : (chosen?.name ?? unknown)}</span>
              <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
            </button>
          }
          groups={[{ label: '', items: [{ value: 'none', label: none }] }, ...modelGroups(models ?? [])]}
          value={value ?? 'none'}
          onChange={(id) => onChange(models?.find((model) => model.id === id) ?? null)}
          placeholder={m('default.search')}
          empty={m('default.empty')}
        />
      )}
    </Field>
  )
}
