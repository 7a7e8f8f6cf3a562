import { cloneElement, type ReactElement, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Kbd } from './kbd.tsx'
import './tooltip.css'

interface TipData {
  'data-tooltip'?: string
  'data-shortcut'?: string | undefined
}

/** Marks an element for the one tooltip of the page. Its text is also the element's accessible name, so the tooltip itself stays silent. */
export function WithTooltip({ label, shortcut, children }: { label: string; shortcut?: string | undefined; children: ReactElement }) {
  return cloneElement(children as ReactElement<TipData>, { 'data-tooltip': label, 'data-shortcut': shortcut })
}

const delayMs = 500
/** Time to reach the tooltip itself, which may be read with a magnifier. */
const graceMs = 120
/** Right after one tooltip the next one needs no waiting. */
const warmMs = 400

const ownerOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-tooltip]') : null

/**
 * Mounted once. One element and a few listeners on the document serve every button there is, so that a hundred messages with six buttons each
 * cost nothing. Shown on hover and on keyboard focus, put away by Escape, a press or scrolling.
 */
export function Tooltips() {
  const [owner, setOwner] = useState<HTMLElement | null>(null)
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let hiddenAt = 0
    let current: HTMLElement | null = null

    function show(next: HTMLElement | null, waitMs: number) {
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (current && !next) hiddenAt = performance.now()
        current = next
        setOwner(next)
      }, waitMs)
    }
    const hide = (waitMs: number) => show(null, current ? waitMs : 0)

    function onPointerOver(event: PointerEvent) {
      if (event.pointerType === 'touch') return
      if (event.target instanceof Node && box.current?.contains(event.target)) return clearTimeout(timer)
      const next = ownerOf(event.target)
      if (next === null) hide(graceMs)
      else if (next === current) clearTimeout(timer)
      else show(next, current || performance.now() - hiddenAt < warmMs ? 0 : delayMs)
    }
    function onFocusIn(event: FocusEvent) {
      const next = ownerOf(event.target)
      if (next?.matches(':focus-visible')) show(next, 0)
      else hide(0)
    }
    function onKeyDown(event: KeyboardEvent) {
      if (event.key === 'Escape') hide(0)
    }
    const hideNow = () => hide(0)

    document.addEventListener('pointerover', onPointerOver)
    document.addEventListener('focusin', onFocusIn)
    document.addEventListener('focusout', hideNow)
    document.addEventListener('pointerdown', hideNow)
    document.addEventListener('keydown', onKeyDown, true)
    document.addEventListener('scroll', hideNow, { capture: true, passive: true })
    return () => {
      clearTimeout(timer)
      document.removeEventListener('pointerover', onPointerOver)
      document.removeEventListener('focusin', onFocusIn)
      document.removeEventListener('focusout', hideNow)
      document.removeEventListener('pointerdown', hideNow)
      document.removeEventListener('keydown', onKeyDown, true)
      document.removeEventListener('scroll', hideNow, { capture: true })
    }
  }, [])

  // What was pointed at may be gone by now, or its popup may stand where the tooltip would.
  const isShown = owner?.isConnected === true && owner.getAttribute('aria-expanded') !== 'true'

  useLayoutEffect(() => {
    if (isShown && owner && box.current) place(box.current, owner)
  }, [isShown, owner])

  if (!isShown) return null
  const { tooltip, shortcut } = owner.dataset
  return (
    <div ref={box} className="tooltip" aria-hidden>
      {tooltip}
      {shortcut && <Kbd keys={shortcut} />}
    </div>
  )
}

/** Below, or above where there is no room; always inside the window. */
function place(box: HTMLElement, owner: HTMLElement): void {
  const gap = 6
  const target = owner.getBoundingClientRect()
  const { width, height } = box.getBoundingClientRect()
  const below = target.bottom + gap
  const top = below + height < innerHeight - gap ? below : target.top - gap - height
  const left = Math.min(Math.max(gap, target.left + target.width / 2 - width / 2), innerWidth - width - gap)
  box.style.translate = `${Math.round(left)}px ${Math.round(top)}px`
}
