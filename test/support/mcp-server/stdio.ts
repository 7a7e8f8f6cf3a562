import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { makeAskingServer } from './asking.ts'
import { makeServer } from './tools.ts'

// A program that is an MCP server, and worse ones by their first argument.
const kind = process.argv[2] ?? 'good'
if (kind === 'good') serveStdio(() => makeServer())
else if (kind === 'silent') process.stdin.resume()
else if (kind === 'ends') {
  process.stderr.write('no licence found\n')
  process.exit(3)
} else if (kind === 'noise') {
  process.stdin.resume()
  setInterval(() => process.stdout.write('this is not JSON\n'.repeat(100)), 5)
} else if (kind === 'broken') {
  // Answers each request with what is no answer.
  process.stdin.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n').filter(Boolean)) {
      const { id } = JSON.parse(line) as { id?: number }
      if (id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: 'what?' })}\n`)
    }
  })
} else if (kind === 'stubborn') {
  process.on('SIGTERM', () => {})
  setInterval(() => {}, 1_000)
  serveStdio(() => makeServer())
} else if (kind === 'asking') {
  // By the older revision only.
  await makeAskingServer().connect(new StdioServerTransport())
}
