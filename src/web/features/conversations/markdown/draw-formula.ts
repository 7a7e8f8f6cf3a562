import katex from 'katex'
import 'katex/dist/katex.min.css'

/** Longer ones are shown as they were written. */
const maxLength = 4000

/** Three hundred roots within each other end the process of the browser that lays them out. Nobody writes thirty. */
const maxDepth = 250
const maxElements = 20_000

function isTooLarge(drawn: Element): boolean {
  let left = maxElements
  const exceeds = (element: Element, depth: number): boolean => {
    left -= 1
    if (depth > maxDepth || left < 0) return true
    for (const inner of element.children) if (exceeds(inner, depth + 1)) return true
    return false
  }
  return exceeds(drawn, 0)
}

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
    const drawn = document.createElement('span')
    katex.render(tex, drawn, {
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
    if (isTooLarge(drawn)) throw new Error('nested too deeply')
    place.replaceChildren(...drawn.childNodes)
    return true
  } catch {
    // Besides TeX's own complaints: nesting so deep that the stack ends.
    place.replaceChildren()
    return false
  }
}
