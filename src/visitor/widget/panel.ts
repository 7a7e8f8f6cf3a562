import type { BotCard } from '../../contract/visits.ts'
import { chat, chatStyle } from '../../page/index.ts'
import type { Place } from '../chat/admission.ts'
import { liveChat } from '../chat/live-chat.ts'
import { widgetWords } from '../chat/strings.ts'
import { element } from '../text/element.ts'
import { shape } from './shape.ts'
import { sheetOf } from './widget-host.ts'
import { panelStyle } from './widget-style.ts'

interface PanelOptions {
  place: Place
  card: BotCard
  root: HTMLElement
  button: HTMLButtonElement
}

/** So narrow a window is filled, and nothing behind it can be reached. */
const fills = matchMedia('(max-width:520px)')

/** The template's sizes in pixels: `rem` is the size of the page around. */
const inPixels = (style: string): string => style.replace(/([\d.]+)rem/g, (_, size: string) => `${Number(size) * 16}px`)

export function openPanel({ place, card, root, button }: PanelOptions): { toggle: () => void } {
  const shadow = root.getRootNode() as ShadowRoot
  shadow.adoptedStyleSheets.push(sheetOf(inPixels(chatStyle)), sheetOf(panelStyle))

  const close = element('button', { type: 'button', 'aria-label': widgetWords.close }, shape('M18 6 6 18M6 6l12 12'))
  const panel = element(
    'dialog',
    { class: 'panel', 'aria-label': widgetWords.open(card.displayName) },
    element('header', { class: 'top' }, element('h2', {}, card.displayName), close),
  )
  const holder = document.createElement('div')
  // The page's own template, in which every value is escaped.
  holder.innerHTML = chat(
    { slug: place.slug, displayName: card.displayName, greeting: card.greeting, quickActions: card.quickActions },
    'preview',
  ).text
  const section = holder.firstElementChild as HTMLElement
  panel.append(section)
  root.append(panel)
  const { focus } = liveChat(section, { place, showsAtOnce: true, onProblem: () => undefined })

  const hide = () => panel.close()
  close.addEventListener('click', hide)
  panel.addEventListener('keydown', (event) => {
    // What happens in here is nothing that the page's own shortcuts should hear of.
    event.stopPropagation()
    if (event.key === 'Escape') hide()
  })
  panel.addEventListener('close', () => {
    button.setAttribute('aria-expanded', 'false')
    button.focus()
  })
  return {
    toggle: () => {
      if (panel.open) return hide()
      button.setAttribute('aria-expanded', 'true')
      // Where it fills a phone, the keyboard would cover what it opens with.
      if (fills.matches) return panel.showModal()
      panel.show()
      focus()
    },
  }
}
