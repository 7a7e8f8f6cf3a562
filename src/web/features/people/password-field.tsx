import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { Field } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { p } from './strings.ts'
import './entry-page.css'

interface Props {
  label: string
  value: string
  onChange: (value: string) => void
  autoComplete: 'current-password' | 'new-password'
  help?: string
  error?: string | undefined
}

/** A password that can be looked at, which prevents more mistakes than it invites. */
export function PasswordField({ label, value, onChange, autoComplete, help, error }: Props) {
  const [isShown, setShown] = useState(false)
  return (
    <Field label={label} help={help} error={error}>
      {(wiring) => (
        <span className="password">
          <input
            {...wiring}
            className="input"
            type={isShown ? 'text' : 'password'}
            value={value}
            autoComplete={autoComplete}
            autoCapitalize="none"
            spellCheck={false}
            maxLength={256}
            onChange={(event) => onChange(event.target.value)}
          />
          <IconButton
            icon={isShown ? EyeOff : Eye}
            size="s"
            label={p(isShown ? 'sign_in.hide' : 'sign_in.show')}
            onClick={() => setShown(!isShown)}
          />
        </span>
      )}
    </Field>
  )
}
