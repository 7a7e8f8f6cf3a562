import { parentPort } from 'node:worker_threads'
import type { Finding } from './finding.ts'
import { findPassages, type Wanted } from './passages.ts'

export interface PassageRequest {
  id: number
  wanted: Wanted
  text: string
}

export type PassageReply = { id: number; found: Finding[] } | { id: number; error: string }

if (!parentPort) throw new Error('Passages are looked for in a worker thread.')
const port = parentPort

port.on('message', ({ id, wanted, text }: PassageRequest) => {
  try {
    port.postMessage({ id, found: findPassages(text, wanted) } satisfies PassageReply)
  } catch (error) {
    port.postMessage({ id, error: error instanceof Error ? error.message : String(error) } satisfies PassageReply)
  }
})

// Loading took as long as it took: a rule's time begins now.
port.postMessage('ready')
