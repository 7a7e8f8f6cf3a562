import { element } from '../text/element.ts'
import { type MessageActions, messageView, turnElement } from './message-view.ts'
import { words } from './strings.ts'
import { isAwaited, isVisible, unheard, type VisitState } from './visit-state.ts'

/** Nearer to the end than this, a reader follows it. */
const nearPx = 48

/** Writes the visit below what the template has put into the log. */
export function transcriptView(log: HTMLElement, actions: MessageActions & { onGrown: () => void }) {
  const views = new Map<string, ReturnType<typeof messageView>>()
  const said = element('div', { class: 'flow' })
  const waiting = element('div', { class: 'flow' })
  const dots = turnElement('bot', null, element('div', { class: 'dots' }, element('i'), element('i'), element('i')))
  const latest = element('button', { type: 'button', class: 'latest' }, words.latest)
  let isFollowing = true

  const isNearEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < nearPx
  const toEnd = () => {
    log.scrollTop = log.scrollHeight
  }
  const settle = () => {
    if (isFollowing) toEnd()
    latest.hidden = isFollowing
    // What scrolls has to be reached by the keyboard too.
    if (log.scrollHeight > log.clientHeight) log.tabIndex = 0
  }
  latest.hidden = true
  latest.addEventListener('click', () => {
    isFollowing = true
    settle()
  })
  log.addEventListener('scroll', () => {
    isFollowing = isNearEnd()
    if (isFollowing) latest.hidden = true
  })
  log.append(said, waiting, latest)
  // Surfaces take their height after they are drawn, and a window may become narrower.
  const observer = new ResizeObserver(() => {
    settle()
    actions.onGrown()
  })
  observer.observe(said)
  observer.observe(log)

  const update = (state: VisitState, isConnected: boolean) => {
    const ids = new Set<string>()
    for (const message of state.messages) {
      if (!isVisible(message)) continue
      ids.add(message.id)
      const view = views.get(message.id)
      if (view) view.update(message)
      else {
        const made = messageView(message, actions)
        views.set(message.id, made)
        said.append(made.node)
      }
    }
    for (const [id, { node }] of views) {
      if (ids.has(id)) continue
      node.remove()
      views.delete(id)
    }
    const later = isConnected ? [] : [element('p', { class: 'later' }, words.sendLater)]
    const pending = unheard(state).map(({ text }, index, all) =>
      turnElement('visitor', null, element('p', { class: 'written' }, text), ...(index === all.length - 1 ? later : [])),
    )
    waiting.replaceChildren(...pending, ...(isConnected && isAwaited(state) ? [dots] : []))
    settle()
  }
  return {
    update,
    nodeOf: (id: string) => views.get(id)?.node,
    follow: () => {
      isFollowing = true
      settle()
    },
  }
}
