import type { A2uiMessage } from '../../contract/messages.ts'
import type { SurfaceAction } from '../../contract/visits.ts'

export interface SurfaceActions {
  /** What somebody does on the surface; null where it is only looked at, and its buttons do nothing. */
  onAction: ((action: SurfaceAction) => void) | null
  /** Hears of messages that were skipped, and of a renderer that could not be loaded. */
  onProblem: (problem: unknown) => void
}

/**
 * Draws what a tool made (A2UI 0.9) into `host`, or leaves it alone and answers false: then the words that say the same stay. The renderer is loaded
 * with the first surface.
 */
export async function drawSurface(host: HTMLElement, messages: readonly A2uiMessage[], actions: SurfaceActions): Promise<boolean> {
  try {
    const { renderSurface } = await import('./render-surface.ts')
    return await renderSurface(host, messages, actions)
  } catch (error) {
    actions.onProblem(error)
    return false
  }
}
