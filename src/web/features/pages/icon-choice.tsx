import { useId } from 'react'
import type { PageIcon } from '../../../contract/page-choices.ts'
import { pageIcons } from './page-icons.ts'
import { s } from './strings.ts'

/** One of the icons a link can have, each with its name for whoever cannot see it. */
export function IconChoice({ value, onChange }: { value: PageIcon; onChange: (icon: PageIcon) => void }) {
  const name = useId()
  return (
    <fieldset className="icon-choice">
      <legend className="field-label">{s('link.icon')}</legend>
      <div className="icon-choice-options">
        {(Object.entries(pageIcons) as [PageIcon, (typeof pageIcons)[PageIcon]][]).map(([icon, { icon: Icon, label }]) => (
          <label key={icon} title={label}>
            <input type="radio" name={name} value={icon} checked={value === icon} onChange={() => onChange(icon)} />
            <Icon size={20} strokeWidth={1.5} aria-hidden />
            <span className="visually-hidden">{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
