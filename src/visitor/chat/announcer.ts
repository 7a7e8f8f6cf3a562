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
    for (const { id, from, isWriting } of messages) {
      if (isWriting || known.has(id)) continue
      known.add(id)
      const text = nodeOf(id)?.textContent
      if (!isFirst && from !== 'visitor' && text) region.textContent = text.slice(0, maxSaid)
    }
    // What was said before this page was opened is not news.
    if (messages.length > 0) isFirst = false
  }
}
