import type { LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { onDemand } from './on-demand.ts'
import { usePopup } from './popup-trigger.tsx'

export const menuPopup = onDemand(() => import('./menu-popup.tsx'))

interface MenuProps {
  /** The element that opens it: an IconButton, a Button, a row. It must pass on `ref` and the handlers it gets. */
  trigger: ReactElement
  /** MenuItem, MenuChoice, MenuSeparator. */
  children: ReactNode
  side?: 'top' | 'bottom' | 'left' | 'right'
  align?: 'start' | 'center' | 'end'
  onOpenChange?: (open: boolean) => void
}

export function Menu({ trigger, children, side = 'bottom', align = 'start', onOpenChange }: MenuProps) {
  const { button, popup, parts } = usePopup({ trigger, kind: 'menu', source: menuPopup, onOpenChange })
  return (
    <>
      {button}
      {parts && (
        <parts.MenuPopup popup={popup} side={side} align={align}>
          {children}
        </parts.MenuPopup>
      )}
    </>
  )
}

export interface MenuItemProps {
  icon?: LucideIcon
  onSelect?: () => void
  shortcut?: string
  isDanger?: boolean
  isDisabled?: boolean
  /** An element to be instead of a `div`, e.g. a router link. */
  render?: ReactElement
  children: ReactNode
}

export interface MenuChoiceProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: string; detail?: string }[]
  onChange: (value: Value) => void
}

// These stand only inside an open menu, so the code is there when they are drawn.
export function MenuItem(props: MenuItemProps) {
  const parts = menuPopup.get()
  return parts && <parts.MenuItem {...props} />
}

export function MenuSeparator() {
  const parts = menuPopup.get()
  return parts && <parts.MenuSeparator />
}

/** One choice of several; the chosen one carries a tick. */
export function MenuChoice<Value extends string>(props: MenuChoiceProps<Value>) {
  const parts = menuPopup.get()
  return parts && <parts.MenuChoice {...props} />
}
