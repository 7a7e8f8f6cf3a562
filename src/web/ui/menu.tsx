import type { LucideIcon } from 'lucide-react'
import { lazy, type ReactElement, type ReactNode, Suspense } from 'react'
import { usePopup } from './popup-trigger.tsx'

const load = () => import('./menu-popup.tsx')
const MenuPopup = lazy(() => load().then((module) => ({ default: module.MenuPopup })))

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
  const { button, popup } = usePopup({ trigger, kind: 'menu', preload: load, onOpenChange })
  return (
    <>
      {button}
      {popup && (
        <Suspense>
          <MenuPopup popup={popup} side={side} align={align}>
            {children}
          </MenuPopup>
        </Suspense>
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

export const MenuItem: (props: MenuItemProps) => ReactNode = lazy(() => load().then((module) => ({ default: module.MenuItem })))

export const MenuSeparator: (props: object) => ReactNode = lazy(() => load().then((module) => ({ default: module.MenuSeparator })))

/** One choice of several; the chosen one carries a tick. */
export const MenuChoice: <Value extends string>(props: MenuChoiceProps<Value>) => ReactNode = lazy(() =>
  load().then((module) => ({ default: module.MenuChoice })),
) as <Value extends string>(props: MenuChoiceProps<Value>) => ReactNode
