import { parentPort } from 'node:worker_threads'
import { readText } from './read-text.ts'

export interface DescriptionRequest {
  text: string
  baseUrl: string | null
}

if (!parentPort) throw new Error('The OpenAPI worker runs as a worker thread.')
const port = parentPort
port.once('message', ({ text, baseUrl }: DescriptionRequest) => {
  port.postMessage(readText(text, baseUrl))
})
