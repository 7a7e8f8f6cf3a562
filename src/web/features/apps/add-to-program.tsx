import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Field, SelectField } from '../../ui/field.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import '../../ui/form.css'
import './add-to-program.css'
import { programs, snippetFor } from './snippets.ts'
import { a } from './strings.ts'

/** The address of `/mcp`, and how the usual programs take it. */
export function AddToProgram() {
  const [program, setProgram] = useState<(typeof programs)[number]>('claude')
  const address = `${location.origin}/mcp`
  const snippet = snippetFor(program, address)
  return (
    <SettingsSection title={a('add.title')}>
      <div className="form">
        <Field label={a('add.address')} help={a('add.address.help')}>
          {(wiring) => (
            <div className="copied">
              <input {...wiring} className="input mono" readOnly value={address} onFocus={(event) => event.target.select()} />
              <CopyButton text={address} name={a('add.copy.address')} />
            </div>
          )}
        </Field>
        <SelectField
          label={a('add.program')}
          help={
            <>
              {a(`add.help.${program}`)} {program === 'key' && <Link to="/settings/api-keys">{a('add.keys')}</Link>}
            </>
          }
          value={program}
          onChange={setProgram}
          options={programs.map((value) => ({ value, label: a(`add.program.${value}`) }))}
        />
        <div className="copied copied-text">
          <pre tabIndex={0} aria-label={a('add.program')} role="region">
            <code>{snippet}</code>
          </pre>
          <CopyButton text={snippet} name={a('add.copy')} />
        </div>
      </div>
    </SettingsSection>
  )
}
