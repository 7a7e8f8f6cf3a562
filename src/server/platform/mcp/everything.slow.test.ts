import { createRequire } from 'node:module'
import { afterAll, expect, test } from 'vitest'
import { freePort, type ServerProcess, startProcess } from '../../../../test/support/server-process.ts'
import { createEgress } from '../egress/index.ts'
import { McpSession, type McpTarget } from './index.ts'

/** The reference server of the protocol's authors, which speaks all three transports, over the older SDK. */
const entry = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js')
const egress = createEgress({ allow: ['127.0.0.1'] })
afterAll(() => egress.close())

async function useIt(target: McpTarget): Promise<void> {
  const signal = AbortSignal.timeout(60_000)
  const changes: string[] = []
  const session = await McpSession.open(
    target,
    egress,
    { name: 'Parley', version: '0' },
    { onToolsChanged: () => changes.push('tools') },
    signal,
  )
  try {
    expect(session.identity).toMatchObject({ name: expect.stringContaining('everything'), protocol: '2025-11-25' })
    const tools = await session.listTools(signal, 30_000)
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['echo', 'get-sum']))
    const call = (name: string, args: Record<string, unknown>, onProgress?: (said: { progress: number }) => void) => {
      const inputSchema = tools.find((tool) => tool.name === name)!.inputSchema
      return session.callTool(name, args, { signal, timeoutMs: 30_000, inputSchema, ...(onProgress && { onProgress }) })
    }
    expect(await call('echo', { message: 'hello' })).toMatchObject({ content: [{ type: 'text', text: 'Echo: hello' }] })
    expect(JSON.stringify(await call('get-sum', { a: 2, b: 40 }))).toContain('42')
    const progress: number[] = []
    await call('trigger-long-running-operation', { duration: 1, steps: 4 }, (said) => progress.push(said.progress))
    expect(progress.length).toBeGreaterThanOrEqual(3)
    const resources = await session.listResources(signal, 30_000)
    expect(resources.length).toBeGreaterThan(0)
    const { contents } = await session.readResource(resources[0]!.uri, signal, 30_000)
    expect(contents.length).toBeGreaterThan(0)
  } finally {
    await session.close()
  }
}

test('as a program', () => useIt({ transport: 'stdio', command: process.execPath, args: [entry, 'stdio'], env: {}, cwd: '/tmp' }))

test.each([
  { kind: 'sse', transport: 'sse', path: '/sse', ready: '/message' },
  { kind: 'streamableHttp', transport: 'http', path: '/mcp', ready: '/mcp' },
] as const)('over $transport', async ({ kind, transport, path, ready }) => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  await using _server: ServerProcess = await startProcess([entry, kind], { PORT: String(port) }, url, ready)
  await useIt({ transport, url: url + path, headers: {} })
})
