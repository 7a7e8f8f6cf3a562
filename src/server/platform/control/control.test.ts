import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { callControl, type ControlHandler, openControlServer } from './index.ts'

const echo: ControlHandler = async ({ command, input }) => (command === 'no' ? { refusal: 'No.' } : { result: { command, input } })

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'parley-control-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

async function open(path: string, handle = echo) {
  const server = await openControlServer(path, handle)
  if (server) onTestFinished(() => server.close())
  return server
}

test('one line each way; the socket is its owner’s alone, also in a folder that was not there', async () => {
  const dir = join(await folder(), 'data')
  const path = join(dir, 'control.sock')
  const server = await open(path)

  expect(await callControl(path, 'hello', { text: 'ä\n' })).toEqual({ result: { command: 'hello', input: { text: 'ä\n' } } })
  expect(await callControl(path, 'no', null)).toEqual({ refusal: 'No.' })
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(dir)).toEqual(['control.sock'])

  await server!.close()
  expect(await readdir(dir)).toEqual([])
  expect(await callControl(path, 'hello', null)).toBeUndefined()
})

test('a living server keeps its socket; what another left behind is replaced', async () => {
  const path = join(await folder(), 'control.sock')
  await open(path, async () => ({ result: 'first' }))
  expect(await open(path, async () => ({ result: 'second' }))).toBeUndefined()
  expect(await callControl(path, 'who', null)).toEqual({ result: 'first' })
})

test('what is no request, or too much of one, gets no answer and harms nobody', async () => {
  const path = join(await folder(), 'control.sock')
  await open(path)
  const send = (text: string) =>
    new Promise<string>((resolve) => {
      let answer = ''
      const socket = connect(path, () => socket.write(text))
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
      socket.on('error', () => {})
      socket.on('close', () => resolve(answer))
    })

  expect(await send('what?\n')).toBe('')
  expect(await send('{"input":1}\n')).toBe('')
  expect(await send('x'.repeat(100_000))).toBe('')
  expect(await callControl(path, 'hello', null)).toEqual({ result: { command: 'hello', input: null } })
})

test('who leaves aborts what they asked for', async () => {
  const path = join(await folder(), 'control.sock')
  const begun = Promise.withResolvers<AbortSignal>()
  await open(path, async (_, signal) => {
    begun.resolve(signal)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    return { result: null }
  })
  const socket = connect(path, () => socket.write('{"command":"wait"}\n'))
  const signal = await begun.promise
  socket.destroy()

  await expect.poll(() => signal.aborted).toBe(true)
})

test('a server that stops leaves no one waiting', async () => {
  const path = join(await folder(), 'control.sock')
  const begun = Promise.withResolvers<void>()
  const server = await open(path, async () => {
    begun.resolve()
    return new Promise(() => {})
  })
  const asked = callControl(path, 'wait', null)
  await begun.promise
  await server!.close()

  await expect(asked).rejects.toThrow('stopped before it answered')
})
