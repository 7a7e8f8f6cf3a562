import './kbd.css'

const isApple = /Mac|iPhone|iPad/.test(navigator.platform)

const apple: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↵', Esc: 'esc' }
const other: Record<string, string> = { Mod: 'Ctrl', Esc: 'Esc' }

/** `Mod Shift O` as this machine writes it: ⇧⌘O or Ctrl+Shift+O. */
export function keysAsText(keys: string): string {
  const parts = keys.split(' ')
  if (!isApple) return parts.map((key) => other[key] ?? key).join('+')
  const order = ['Alt', 'Shift', 'Mod']
  return parts
    .toSorted((a, b) => order.indexOf(a) - order.indexOf(b) || 0)
    .toSorted((a, b) => Number(order.includes(b)) - Number(order.includes(a)))
    .map((key) => apple[key] ?? key)
    .join('')
}

export function Kbd({ keys }: { keys: string }) {
  return <kbd className="kbd">{keysAsText(keys)}</kbd>
}
