import { Menu as Base } from '@base-ui/react/menu'
import { Check, type LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Kbd } from './kbd.tsx'
import './menu.css'

interface MenuProps {
  /** The element that opens it: an IconButton, a Button, a row. */
  trigger: ReactElement
  children: ReactNode
  side?: 'top' | 'bottom' | 'left' | 'right'
  align?: 'start' | 'center' | 'end'
  onOpenChange?: (open: boolean) => void
}

export function Menu({ trigger, children, side = 'bottom', align = 'start', onOpenChange }: MenuProps) {
  return (
    <Base.Root onOpenChange={onOpenChange} modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={4} className="popup-positioner">
          <Base.Popup className="popup menu">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

interface MenuItemProps {
  icon?: LucideIcon
  onSelect?: () => void
  shortcut?: string
  isDanger?: boolean
  isDisabled?: boolean
  /** An element to be instead of a `div`, e.g. a router link. */
  render?: ReactElement
  children: ReactNode
}

export function MenuItem({ icon: Icon, onSelect, shortcut, isDanger, isDisabled = false, render, children }: MenuItemProps) {
  return (
    <Base.Item className="menu-item" data-danger={isDanger || undefined} disabled={isDisabled} onClick={onSelect} {...(render ? { render } : {})}>
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden />}
      <span className="menu-item-label">{children}</span>
      {shortcut && <Kbd keys={shortcut} />}
    </Base.Item>
  )
}

export const MenuSeparator = () => <Base.Separator className="menu-separator" />

/** One choice of several; the chosen one carries a tick. */
export function MenuChoice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: Value
  options: readonly { value: Value; label: string; detail?: string }[]
  onChange: (value: Value) => void
}) {
  return (
    <Base.Group>
      <Base.GroupLabel className="menu-label">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next: Value) => onChange(next)}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className="menu-item" closeOnClick>
            <span className="menu-item-label">
              {option.label}
              {option.detail && <span className="menu-item-detail">{option.detail}</span>}
            </span>
            <Base.RadioItemIndicator>
              <Check size={16} strokeWidth={2} aria-hidden />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  )
}
