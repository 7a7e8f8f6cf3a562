import { useEffect, useEffectEvent } from 'react'

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

// A toast calls itself a dialog too, but takes nothing away.
const openDialog = ':is([role=dialog], [role=alertdialog]):not(.toast)'

/** Whether an event is this combination: `Mod Shift O`, `?`, `Esc`. `Mod` is ⌘ on Apple's machines and Ctrl elsewhere. */
export function isShortcut(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split(' ')
  const key = parts.at(-1) ?? ''
  const wanted = key === 'Esc' ? 'escape' : key.toLowerCase()
  if (event.key.toLowerCase() !== wanted) return false
  if ((event.metaKey || event.ctrlKey) !== parts.includes('Mod') || event.altKey !== parts.includes('Alt')) return false
  // A sign such as `?` may need Shift itself, depending on the layout.
  return /^[a-z0-9]$/i.test(key) || key.length > 1 ? event.shiftKey === parts.includes('Shift') : true
}

/** Acts anywhere in the page. Without Mod it stays silent while somebody types. Never while a dialog is open, unless `inDialogs`. */
export function useShortcut(keys: string, handler: () => void, { inDialogs = false } = {}): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || !isShortcut(event, keys)) return
    if (!keys.includes('Mod') && isTyping(event.target)) return
    if (!inDialogs && document.querySelector(openDialog)) return
    event.preventDefault()
    handler()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event)
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [])
}
