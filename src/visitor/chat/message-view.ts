import type { SurfaceAction, VisitMessage, VisitPart } from '../../contract/visits.ts'
import { drawSurface } from '../surface/index.ts'
import { element } from '../text/element.ts'
import { markdownView } from '../text/markdown-view.ts'
import { words } from './strings.ts'

export interface MessageActions {
  onAction: (messageId: VisitMessage['id'], action: SurfaceAction) => void
  onProblem: (problem: unknown) => void
}

interface PartView {
  type: VisitPart['type']
  node: Node
  update: (part: VisitPart, isOpen: boolean) => void
}

/** The element for what somebody said, like the page's template for it. */
export function turnElement(from: VisitMessage['from'], name: string | null, ...content: Node[]): HTMLElement {
  const speaker =
    from === 'person'
      ? element('p', { class: 'name' }, name ?? words.person)
      : element('span', { class: 'unseen' }, from === 'bot' ? words.bot : words.you)
  return element('div', { class: `turn ${from}`, dir: 'auto' }, speaker, ...content)
}

/** A message as it is now; `update` draws only what changed. */
export function messageView(first: VisitMessage, actions: MessageActions) {
  const node = turnElement(first.from, first.name)
  const views: PartView[] = []
  let shown: VisitMessage | undefined
  const update = (message: VisitMessage) => {
    if (message === shown) return
    shown = message
    message.parts.forEach((part, index) => {
      let view = views[index]
      if (view?.type !== part.type) {
        const made = partView(part, message, actions)
        if (view) node.replaceChild(made.node, view.node)
        else node.append(made.node)
        views[index] = view = made
      }
      view.update(part, message.isWriting && index === message.parts.length - 1)
    })
  }
  update(first)
  return { node, update }
}

function partView(part: VisitPart, { id, from }: VisitMessage, actions: MessageActions): PartView {
  if (part.type === 'hidden') return { type: part.type, node: document.createComment(''), update: () => undefined }
  if (part.type === 'surface') return surfaceView(part.type, id, actions)
  const isPlain = part.type === 'notice' || from === 'visitor'
  const node = isPlain ? element('p', { class: part.type === 'notice' ? 'notice' : 'written' }) : element('div', { class: 'text' })
  const draw = isPlain ? (text: string) => void (node.textContent = text) : markdownView(node)
  return { type: part.type, node, update: (next, isOpen) => 'text' in next && draw(next.text, isOpen) }
}

function surfaceView(type: 'surface', id: VisitMessage['id'], { onAction, onProblem }: MessageActions): PartView {
  const node = element('div', { class: 'text' })
  const drawWords = markdownView(node)
  let drawn = ''
  const update = (part: VisitPart) => {
    if (part.type !== 'surface') return
    const now = JSON.stringify(part.messages)
    if (now === drawn) return
    if (drawn === '') drawWords(part.fallback, false)
    drawn = now
    // Drawn beside the words, which stay where it cannot be.
    const place = element('div', { class: 'surface' })
    node.after(place)
    void drawSurface(place, part.messages, { onAction: (action) => onAction(id, action), onProblem }).then((isDrawn) => {
      if (isDrawn) node.replaceWith(place)
      else place.remove()
    })
  }
  return { type, node, update }
}
