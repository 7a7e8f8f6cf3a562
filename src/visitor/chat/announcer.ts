import type { VisitMessage } from '../../contract/visits.ts'
import { element } from '../text/element.ts'
import type { VisitState } from './visit-state.ts'

/** So much of an answer is read out by itself; the rest is there to be read at one's own pace. */
const maxSaid = 600

/** Says an answer once, when it is whole: heard token by token it could not be followed. */
export function announcer(place: HTMLElement, nodeOf: (id: string) => HTMLElement | undefined): (state: VisitState) => void {
  const region = element('div', { class: 'unseen', 'aria-live': 'polite' })
  place.append(region)
  const known = new Set<string>()
  let isFirst = true
  return ({ messages }) => {
    for (const message of messages) {
      if (message.isWriting || known.has(message.id)) continue
      known.add(message.id)
      const text = heard(message, nodeOf(message.id))
      if (!isFirst && message.from !== 'visitor' && text) region.textContent = text.slice(0, maxSaid)
    }
    // What was said before this page was opened is not news.
    if (messages.length > 0) isFirst = false
  }
}

/** Who says it, then what; of a surface its words without their addresses, since what it draws is not part of the text here. */
function heard({ name, parts }: VisitMessage, node: HTMLElement | undefined): string {
  const [speaker, ...said] = [...(node?.children ?? [])].map(({ textContent }) => textContent.trim())
  const shown = parts.flatMap((part) => (part.type === 'surface' ? [part.fallback.replaceAll(/https?:\/\/\S+/g, '').trim()] : []))
  const words = [...shown, ...said].filter(Boolean)
  return words.length > 0 ? `${name ? `${name}:` : (speaker ?? '')} ${words.join('\n')}`.trim() : ''
}
