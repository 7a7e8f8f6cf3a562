import katex from 'katex'
import 'katex/dist/katex.min.css'

/** Longer ones are shown as they were written. */
const maxLength = 4000

/** KaTeX would leave out what it does not trust and draw the rest; whoever reads should see what was asked for. */
function refuse({ command }: { command: string }): never {
  throw new Error(`${command} is not granted`)
}

/**
 * Draws into an element, node by node: no text is read as HTML, and styles are set one by one, which the content security policy allows. Nothing
 * that TeX could ask of a page (links, pictures, classes, data) is granted. False where it is no formula or asks for too much.
 */
export function drawFormula(place: HTMLElement, tex: string, isDisplay: boolean): boolean {
  if (tex.length > maxLength) return false
  try {
    katex.render(tex, place, {
      displayMode: isDisplay,
      output: 'htmlAndMathml',
      throwOnError: true,
      strict: 'ignore',
      trust: refuse,
      maxExpand: 300,
      maxSize: 20,
      // Definitions of one formula are none of the next.
      macros: {},
    })
    return true
  } catch {
    // Besides TeX's own complaints: nesting so deep that the stack ends.
    place.replaceChildren()
    return false
  }
}
