import { type DiagramAnswer, type DiagramRequest, diagramsReady } from '../../../frames/diagram-messages.ts'

export interface Picture {
  url: string
  width: number
  height: number
  title: string
}

/** What takes longer is given up, and its frame with it. The first one waits for the program too. */
const patienceMs = 10_000
const maxCached = 50

const cache = new Map<string, Picture>()
const pending = new Map<number, (answer: DiagramAnswer) => void>()
let frame: Promise<HTMLIFrameElement> | undefined
let lastId = 0

/** One frame for all diagrams. It is a stranger to this page and has no origin; only messages go in and out. */
function openFrame(): Promise<HTMLIFrameElement> {
  const { promise, resolve } = Promise.withResolvers<HTMLIFrameElement>()
  const element = document.createElement('iframe')
  element.setAttribute('sandbox', 'allow-scripts')
  element.src = '/frames/diagram.html'
  element.className = 'md-diagram-frame'
  element.title = ''
  element.tabIndex = -1
  element.ariaHidden = 'true'
  const listen = ({ source, data }: MessageEvent<DiagramAnswer | typeof diagramsReady>) => {
    if (!element.isConnected) removeEventListener('message', listen)
    if (source === null || source !== element.contentWindow) return
    if (data === diagramsReady) resolve(element)
    else if (typeof data === 'object') pending.get(data.id)?.(data)
  }
  addEventListener('message', listen)
  document.body.append(element)
  return promise
}

function closeFrame(): void {
  void frame?.then((element) => element.remove())
  frame = undefined
  for (const element of document.querySelectorAll('.md-diagram-frame')) element.remove()
  for (const [id, answer] of pending) answer({ id, error: '' })
}

/** A picture of a diagram, or why there is none. An image runs nothing and loads nothing, whatever it was made of. */
export async function drawDiagram(text: string, isDark: boolean): Promise<Picture | { error: string }> {
  const key = `${isDark}\0${text}`
  const known = cache.get(key)
  if (known) return known
  const id = (lastId += 1)
  const { promise, resolve } = Promise.withResolvers<DiagramAnswer>()
  const giveUp = setTimeout(closeFrame, patienceMs)
  pending.set(id, resolve)
  frame ??= openFrame()
  void frame.then(({ contentWindow }) => contentWindow?.postMessage({ id, text, isDark } satisfies DiagramRequest, '*'))
  const answer = await promise
  clearTimeout(giveUp)
  pending.delete(id)
  if ('error' in answer) return { error: answer.error }
  // Not a blob: opened by itself that would be a document of this origin.
  const url = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(answer.svg)}`
  const picture = { url, width: answer.width, height: answer.height, title: answer.title }
  cache.set(key, picture)
  if (cache.size > maxCached) cache.delete(cache.keys().next().value!)
  return picture
}
