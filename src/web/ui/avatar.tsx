import './avatar.css'

/** The first letters of the first and last word; in any script, and never half of a letter. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const first = [...(words[0] ?? '')][0] ?? ''
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return `${first}${last}`.toLocaleUpperCase()
}

/** Decoration beside a written name, therefore hidden from assistive technology. */
export function Avatar({ name, size = 'm' }: { name: string; size?: 'm' | 'l' }) {
  return (
    <span className="avatar" data-size={size} aria-hidden>
      {initials(name)}
    </span>
  )
}
