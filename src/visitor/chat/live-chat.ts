import { element } from '../text/element.ts'
import type { Place } from './admission.ts'
import { announcer } from './announcer.ts'
import { composer } from './composer.ts'
import type { ConnectionState } from './connection.ts'
import { kept } from './kept.ts'
import { words } from './strings.ts'
import { transcriptView } from './transcript-view.ts'
import { openVisit } from './visit.ts'
import { isAnswering } from './visit-state.ts'

interface LiveChatOptions {
  place: Place
  /** Where nothing may move by itself, an earlier conversation is drawn when somebody asks for it. */
  showsAtOnce: boolean
  onProblem: (problem: unknown) => void
}

/** Makes the template of a chat live. Nothing is asked of the server before the visitor acts, unless they have been here before. */
export function liveChat(section: HTMLElement, { place, showsAtOnce, onProblem }: LiveChatOptions) {
  const prefix = `parley:${place.slug}:`
  const storage = kept('localStorage', prefix)
  const form = section.querySelector('form')!
  const log = section.querySelector<HTMLElement>('.said')!
  const stateLine = section.querySelector<HTMLElement>('.state')!
  const hint = stateLine.textContent
  const session = kept('sessionStorage', prefix)
  let connection: ConnectionState = { state: 'idle' }
  let notice: string | null = null
  let isStopping = false
  let isKeptInView = false

  const visit = openVisit(place, storage, session, {
    onChange: () => draw(),
    onConnection: (next) => {
      connection = next
      draw()
    },
    onRefused: (text, written) => {
      notice = text
      if (written !== null) input.giveBack(written)
      draw()
    },
  })
  // Whoever reloads while something is being said wants to see it arrive.
  let isShown = showsAtOnce || visit.state.wishes.length > 0
  const input = composer(form, session, {
    onSay: (text) => act({ type: 'say', text }),
    onPress: (index, text) => act({ type: 'press', index, text }),
    onStop: () => {
      isStopping = true
      visit.stopAnswer()
      draw()
    },
  })
  const transcript = transcriptView(log, {
    onAction: (messageId, action) => act({ type: 'act', messageId, action }),
    onGrown: keepInView,
    onProblem,
  })
  const announce = announcer(section, transcript.nodeOf)

  function act(wish: Parameters<typeof visit.wish>[0]): void {
    notice = null
    isShown = true
    visit.wish(wish)
    isKeptInView = true
    transcript.follow()
    keepInView()
  }

  /** What somebody has just said pushes the place where they write down the page; it must not leave their sight. */
  function keepInView(): void {
    if (isKeptInView) stateLine.scrollIntoView({ block: 'nearest' })
  }

  function draw(): void {
    const { state } = visit
    const isConnected = connection.state === 'open' || connection.state === 'connecting'
    if (!isAnswering(state)) isStopping = false
    input.setAnswering(isAnswering(state))
    if (isShown) {
      transcript.update(state, isConnected)
      announce(state)
    }
    sayState()
  }

  function sayState(): void {
    const { messages, isEnded } = visit.state
    const [text, action] = ((): [string, [string, () => void]?] => {
      if (notice !== null) return [notice]
      if (connection.state === 'waiting') return [words.offline]
      if (isEnded && isShown) return [words.ended, [words.startNew, startNew]]
      if (!isShown && messages.length > 0) return [words.open, [words.show, show]]
      if (isStopping) return [words.stopping]
      return [hint]
    })()
    const now = text + (action?.[0] ?? '')
    if (stateLine.textContent === now) return
    stateLine.replaceChildren(text)
    if (!action) return
    const button = element('button', { type: 'button' }, action[0])
    button.addEventListener('click', action[1])
    stateLine.append(button)
  }

  function show(): void {
    isShown = true
    draw()
    transcript.follow()
    input.focus()
  }

  function startNew(): void {
    visit.clear()
    draw()
    input.focus()
  }

  // Until they move the page themselves.
  for (const type of ['wheel', 'touchmove'] as const) addEventListener(type, () => (isKeptInView = false), { passive: true })
  draw()
  if (storage.read('visited') !== null || visit.state.wishes.length > 0) visit.start()
  return { focus: input.focus }
}
