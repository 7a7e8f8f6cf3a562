import { parseArgs } from 'node:util'
import { startProviderServer } from './index.ts'

const { values } = parseArgs({ options: { port: { type: 'string', default: '4010' } } })
const server = await startProviderServer({ port: Number(values.port) })
console.log(`Provider server on ${server.url}: /openai/v1 /anthropic/v1 /google/v1beta /xai/v1 /compatible/v1 /ollama`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.close().then(() => process.exit(0)))
}
