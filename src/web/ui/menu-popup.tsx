import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import { type FocusEvent, type ReactNode, useRef } from 'react'
import { Kbd } from './kbd.tsx'
import type { MenuChoiceProps, MenuItemProps } from './menu.tsx'
import type { PopupProps } from './popup-trigger.tsx'
import './popup.css'

interface MenuPopupProps {
  popup: PopupProps
  side: 'top' | 'bottom' | 'left' | 'right'
  align: 'start' | 'center' | 'end'
  children: ReactNode
}

export function MenuPopup({ popup, side, align, children }: MenuPopupProps) {
  /** Base UI highlights the first item only for a trigger of its own. */
  const isFresh = useRef(true)

  function highlightFirst(event: FocusEvent<HTMLElement>) {
    if (!popup.isByKeyboard || !isFresh.current || event.target !== event.currentTarget) return
    isFresh.current = false
    event.currentTarget.querySelector<HTMLElement>('[role^=menuitem]')?.focus()
  }

  return (
    <Base.Root open={popup.isOpen} onOpenChange={popup.onOpenChange} onOpenChangeComplete={(open) => !open && popup.onClosed()}>
      <Base.Portal>
        <Base.Positioner anchor={popup.anchor} side={side} align={align} sideOffset={4} className="popup-positioner">
          <Base.Popup onFocus={highlightFirst} className="popup menu" finalFocus={false}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export function MenuItem({ icon: Icon, onSelect, shortcut, isDanger, isDisabled = false, render, children }: MenuItemProps) {
  return (
    <Base.Item
      className="menu-item"
      data-danger={isDanger || undefined}
      disabled={isDisabled}
      onClick={onSelect}
      {...(render ? { render } : {})}
    >
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden />}
      <span className="menu-item-label">{children}</span>
      {shortcut && <Kbd keys={shortcut} />}
    </Base.Item>
  )
}

export const MenuSeparator = () => <Base.Separator className="menu-separator" />

export function MenuChoice<Value extends string>({ label, value, options, onChange }: MenuChoiceProps<Value>) {
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
