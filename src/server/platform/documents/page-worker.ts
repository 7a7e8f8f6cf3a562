import { parentPort } from 'node:worker_threads'
import { readPage } from './page-as-markdown.ts'

export interface PageRequest {
  html: string
  url: string
}

export interface Page {
  title: string | null
  site: string | null
  byline: string | null
  /** As the page says it, ISO 8601 where it does. */
  publishedAt: string | null
  markdown: string
  /** What its author wrote was found among the rest; else it is all of the page. */
  isArticle: boolean
}

export type PageReply = Page | { refused: 'too_complex' | 'damaged' }

function read({ html, url }: PageRequest): PageReply {
  try {
    return readPage(html, url)
  } catch (error) {
    // Nested deeper than the readers can follow.
    return { refused: error instanceof RangeError ? 'too_complex' : 'damaged' }
  }
}

if (!parentPort) throw new Error('The page worker runs as a worker thread.')
const port = parentPort
port.once('message', (request: PageRequest) => port.postMessage(read(request)))
