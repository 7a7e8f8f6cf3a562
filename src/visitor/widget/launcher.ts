import { widgetWords } from '../chat/strings.ts'
import { element } from '../text/element.ts'
import { shape } from './shape.ts'

/** The button that opens the chat. */
export function launcher(displayName: string): HTMLButtonElement {
  const label = widgetWords.open(displayName)
  const button = element('button', { type: 'button', class: 'launcher', 'aria-label': label, 'aria-expanded': 'false', title: label })
  button.append(shape('M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3 21l2-5.8A8.4 8.4 0 1 1 21 11.5Z'))
  return button
}
