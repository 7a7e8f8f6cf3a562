import { A2uiSurface } from '@a2ui/lit/v0_9'
import { A2uiMessageSchema, MessageProcessor } from '@a2ui/web_core/v0_9'
import type { A2uiMessage } from '../../contract/messages.ts'
import { catalogue } from './catalogue.ts'
import type { SurfaceActions } from './draw-surface.ts'
import { isDrawable } from './is-drawable.ts'
import { surfaceStyle } from './surface-style.ts'

const sheet = new CSSStyleSheet()
sheet.replaceSync(surfaceStyle)

/** A message that is not valid is reported and skipped; the others are drawn. */
export async function renderSurface(
  host: HTMLElement,
  messages: readonly A2uiMessage[],
  { onAction, onProblem }: SurfaceActions,
): Promise<boolean> {
  const processor = new MessageProcessor([catalogue], (action) => onAction?.(action))
  for (const message of messages) {
    try {
      processor.processMessages([A2uiMessageSchema.parse(message)])
    } catch (error) {
      onProblem(error)
    }
  }
  const surfaces = [...processor.model.surfacesMap.values()].filter(({ componentsModel }) => isDrawable(componentsModel))
  if (surfaces.length === 0) return false
  const drawn = surfaces.map((surface) => {
    const element = new A2uiSurface()
    element.surface = surface
    element.toggleAttribute('read-only', onAction === null)
    return element
  })
  host.replaceChildren(...drawn)
  await Promise.all(drawn.map((element) => element.updateComplete))
  // Sheets that are adopted stand in no document, so no policy against styles inside a page forbids them.
  for (const { shadowRoot } of drawn) shadowRoot?.adoptedStyleSheets.push(sheet)
  return true
}
