import { cloneElement, type KeyboardEvent, type MouseEvent, type ReactElement, type RefObject, useRef, useState } from 'react'
import { type OnDemand, useOnDemand } from './on-demand.ts'

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

/** Given to the popup. */
export interface PopupProps {
  isOpen: boolean
  /** Opened without a pointer: the first item is then highlighted at once. */
  isByKeyboard: boolean
  anchor: RefObject<HTMLElement | null>
  onOpenChange: (open: boolean, details: { event: Event; cancel: () => void }) => void
  /** The closing animation has ended. */
  onClosed: () => void
}

interface Options<Module> {
  trigger: ReactElement
  kind: 'menu' | 'listbox' | 'dialog'
  source: OnDemand<Module>
  onOpenChange?: ((open: boolean) => void) | undefined
}

/**
 * A plain button that opens a popup whose code is not loaded before somebody reaches for it. So a list may have hundreds of them, and the
 * first paint waits for none. `popup` and `parts` are there while there is something to show.
 */
export function usePopup<Module>({ trigger, kind, source, onOpenChange }: Options<Module>): {
  button: ReactElement
  popup: PopupProps
  parts: Module | undefined
} {
  const anchor = useRef<HTMLElement>(null)
  const [isOpen, setOpen] = useState(false)
  const [isMounted, setMounted] = useState(false)
  const [isByKeyboard, setByKeyboard] = useState(false)
  const parts = useOnDemand(source, isMounted)
  const element = trigger as ReactElement<TriggerProps>
  const preload = () => void source.load().catch(() => undefined)

  function change(next: boolean) {
    if (next) setMounted(true)
    setOpen(next)
    onOpenChange?.(next)
  }

  const button = cloneElement(element, {
    ref: anchor,
    'aria-haspopup': kind,
    'aria-expanded': isOpen,
    // Kept until the popup is gone: what is only visible with its popup must still be there to get the focus back.
    'data-popup-open': isMounted || undefined,
    onPointerEnter: preload,
    onFocus: preload,
    onClick: (event: MouseEvent) => {
      element.props.onClick?.(event)
      if (event.defaultPrevented) return
      // A press of Enter or Space is a click without a pointer.
      setByKeyboard(event.detail === 0)
      change(!isOpen)
    },
    onKeyDown: (event: KeyboardEvent) => {
      element.props.onKeyDown?.(event)
      if (event.defaultPrevented || isOpen || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
      event.preventDefault()
      setByKeyboard(true)
      change(true)
    },
  })

  return {
    button,
    parts,
    popup: {
      isOpen,
      isByKeyboard,
      anchor,
      onOpenChange: (next, details) => {
        // A press on the button itself closes by the button's own click.
        if (
          !next &&
          details.event.target instanceof Node &&
          anchor.current?.contains(details.event.target) &&
          details.event.type !== 'keydown'
        )
          details.cancel()
        else change(next)
      },
      onClosed: () => {
        // The focus goes back while the button can still take it, unless it went somewhere on purpose.
        const focused = document.activeElement
        if (focused === null || focused === document.body || focused.closest('.popup')) anchor.current?.focus({ preventScroll: true })
        setMounted(false)
      },
    },
  }
}
