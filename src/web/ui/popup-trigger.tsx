import { cloneElement, type KeyboardEvent, type MouseEvent, type ReactElement, type RefObject, useRef, useState } from 'react'

/** What a trigger must take and pass on to its element. */
export interface TriggerProps {
  ref?: RefObject<HTMLElement | null>
  onClick?: (event: MouseEvent) => void
  onKeyDown?: (event: KeyboardEvent) => void
  onPointerEnter?: () => void
  onFocus?: () => void
  'aria-haspopup'?: 'menu' | 'listbox' | 'dialog'
  'aria-expanded'?: boolean
  'data-popup-open'?: true | undefined
}

/** Given to the popup, which loads when it is first wanted. */
export interface PopupProps {
  isOpen: boolean
  anchor: RefObject<HTMLElement | null>
  onOpenChange: (open: boolean, details: { event: Event; cancel: () => void }) => void
  /** The closing animation has ended. */
  onClosed: () => void
}

/**
 * A plain button that opens a popup whose code is not loaded before somebody reaches for it. So a list may have hundreds of them, and the
 * first paint waits for none.
 */
export function usePopup({
  trigger,
  kind,
  preload,
  onOpenChange,
}: {
  trigger: ReactElement
  kind: 'menu' | 'listbox' | 'dialog'
  preload: () => Promise<unknown>
  onOpenChange?: ((open: boolean) => void) | undefined
}): { button: ReactElement; popup: PopupProps | null } {
  const anchor = useRef<HTMLElement>(null)
  const [isOpen, setOpen] = useState(false)
  const [isMounted, setMounted] = useState(false)
  const element = trigger as ReactElement<TriggerProps>

  function change(next: boolean) {
    if (next) setMounted(true)
    setOpen(next)
    onOpenChange?.(next)
  }

  const button = cloneElement(element, {
    ref: anchor,
    'aria-haspopup': kind,
    'aria-expanded': isOpen,
    'data-popup-open': isOpen || undefined,
    onPointerEnter: () => void preload(),
    onFocus: () => void preload(),
    onClick: (event: MouseEvent) => {
      element.props.onClick?.(event)
      if (!event.defaultPrevented) change(!isOpen)
    },
    onKeyDown: (event: KeyboardEvent) => {
      element.props.onKeyDown?.(event)
      if (event.defaultPrevented || isOpen || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
      event.preventDefault()
      change(true)
    },
  })

  const popup: PopupProps | null = isMounted
    ? {
        isOpen,
        anchor,
        onOpenChange: (next, details) => {
          // A press on the button itself closes by the button's own click.
          if (!next && details.event.target instanceof Node && anchor.current?.contains(details.event.target)) details.cancel()
          else change(next)
        },
        onClosed: () => setMounted(false),
      }
    : null
  return { button, popup }
}
