import mermaid from 'mermaid'
import { type DiagramAnswer, type DiagramRequest, diagramsReady } from './diagram-messages.ts'

// Runs in a frame without an origin: no cookie, no storage, no connection, nothing of the page around it. Whatever a diagram could talk its
// drawing program into happens here, and only a picture leaves.

const maxLength = 20_000
const maxEdges = 300
/** A picture that no browser should be asked to show. */
const maxSvg = 1_500_000
/** What a picture has no use for: scripts, HTML, things that load or move. */
const unwanted =
  'script, foreignObject, iframe, object, embed, image, animate, animateMotion, animateTransform, set, use[href^="http"], audio, video'

/** One after the other: the drawing program keeps its state in one place. */
let queue: Promise<void> = Promise.resolve()

addEventListener('message', ({ source, data }: MessageEvent<DiagramRequest>) => {
  if (source !== parent) return
  queue = queue.then(async () => answer(await draw(data)))
})
// An origin that is none cannot name the one around it; who may frame this is the server's policy.
const answer = (message: DiagramAnswer | typeof diagramsReady) => parent.postMessage(message, '*')

async function draw({ id, text, isDark }: DiagramRequest): Promise<DiagramAnswer> {
  if (text.length > maxLength) return { id, error: '' }
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    // In every kind of diagram: an image shows no HTML.
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    suppressErrorRendering: true,
    theme: isDark ? 'dark' : 'neutral',
    maxTextSize: maxLength,
    maxEdges,
    deterministicIds: true,
    secure: [
      'secure',
      'securityLevel',
      'startOnLoad',
      'maxTextSize',
      'maxEdges',
      'suppressErrorRendering',
      'htmlLabels',
      'flowchart',
      'themeCSS',
    ],
  })
  try {
    const { svg } = await mermaid.render(`diagram-${id}`, text)
    return picture(id, svg)
  } catch (error) {
    return { id, error: error instanceof Error ? error.message.slice(0, 400) : '' }
  } finally {
    document.body.replaceChildren()
  }
}

function picture(id: number, svg: string): DiagramAnswer {
  const root = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg')
  const box = root?.viewBox.baseVal
  if (!root || !box || svg.length > maxSvg || !(box.width > 0 && box.height > 0)) return { id, error: '' }
  for (const element of root.querySelectorAll(unwanted)) element.remove()
  for (const element of [root, ...root.querySelectorAll('*')])
    for (const name of element.getAttributeNames())
      if (/^on/i.test(name) || (/href$/i.test(name) && element.getAttribute(name)?.startsWith('#') !== true)) element.removeAttribute(name)
  const [width, height] = [Math.ceil(box.width), Math.ceil(box.height)]
  root.setAttribute('width', String(width))
  root.setAttribute('height', String(height))
  root.removeAttribute('style')
  const title = root.querySelector(':scope > title')?.textContent ?? ''
  return { id, svg: new XMLSerializer().serializeToString(root), width, height, title: title.slice(0, 300) }
}

answer(diagramsReady)
