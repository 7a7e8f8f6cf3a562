import { useState } from 'react'
import type { DescribedApi, ToolPermission } from '../../../contract/custom-tools.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox, TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/states.tsx'
import { PermissionSelect } from './permission-select.tsx'
import { c } from './strings.ts'

const manyOperations = 8
/** More than a browser draws without being felt; the filter finds the others. */
const maxShown = 200

export type Chosen = Record<string, ToolPermission>

export function ChooseOperations({
  operations,
  chosen,
  onChange,
  error,
}: {
  operations: DescribedApi['operations']
  chosen: Chosen
  onChange: (chosen: Chosen) => void
  error: string | undefined
}) {
  const [filter, setFilter] = useState('')
  const words = filter.trim().toLowerCase()
  const matching = operations.filter(({ key, name, description }) => `${key} ${name} ${description}`.toLowerCase().includes(words))
  const reading = matching.filter(({ isReadOnly, refusal }) => isReadOnly && refusal === null)
  const without = (key: string) => Object.fromEntries(Object.entries(chosen).filter(([other]) => other !== key))

  return (
    <fieldset className="fieldset" aria-invalid={error ? true : undefined} tabIndex={error ? -1 : undefined}>
      <legend className="field-label">{c('api.operations')}</legend>
      <p className="field-help">{c('api.operations.help')}</p>
      {error && <Notice tone="danger">{error}</Notice>}
      {operations.length > manyOperations && (
        <TextField label={c('api.filter')} type="search" autoComplete="off" value={filter} onChange={setFilter} />
      )}
      <div className="operation-tools">
        <span role="status">{c('api.chosen', { count: Object.keys(chosen).length })}</span>
        <Button
          size="s"
          onClick={() => onChange({ ...chosen, ...Object.fromEntries(reading.map(({ key }) => [key, chosen[key] ?? 'ask'])) })}
        >
          {c('api.all_reading')}
        </Button>
        <Button size="s" onClick={() => onChange({})}>
          {c('api.none')}
        </Button>
      </div>
      {matching.length === 0 && <p className="field-help">{c('api.no_match')}</p>}
      <ul className="operation-list">
        {matching.slice(0, maxShown).map(({ key, name, description, refusal }) => {
          const permission = chosen[key]
          return (
            <li key={key} className="operation">
              <Checkbox
                label={<code>{key}</code>}
                help={refusal ?? description}
                isChecked={permission !== undefined}
                isDisabled={refusal !== null}
                onChange={(isChecked) => onChange(isChecked ? { ...chosen, [key]: 'ask' } : without(key))}
              />
              {permission !== undefined && (
                <PermissionSelect
                  name={name}
                  value={permission}
                  offered={['allow', 'ask']}
                  onChange={(value) => onChange({ ...chosen, [key]: value })}
                />
              )}
            </li>
          )
        })}
      </ul>
    </fieldset>
  )
}
