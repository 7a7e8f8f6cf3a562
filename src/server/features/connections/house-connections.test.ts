import { createServer, request as forward, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Config, readConfig } from '../../config.ts'
import { startTestApp, type TestApp } from '../../../../test/support/test-app.ts'
import { saveHouseConnections } from './index.ts'

let provider: ProviderServer
let ollama: Server
let app: TestApp

/** An Ollama answers at the root of its address. */
async function startOllama(): Promise<Server> {
  const server = createServer((request, response) => {
    request.pipe(forward(`${provider.url}/ollama${request.url}`, { method: request.method }, (answer) => answer.pipe(response)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

beforeAll(async () => {
  provider = await startProviderServer()
  ollama = await startOllama()
  const env = {
    OPENAI_API_KEY: 'sk-of-the-house-1111',
    OPENAI_BASE_URL: provider.baseUrl('openai'),
    ANTHROPIC_API_KEY: 'dead',
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
  }
  const configure = (config: Config) => {
    config.providers.ollama = { kind: 'search', baseUrl: `http://127.0.0.1:${(ollama.address() as AddressInfo).port}` }
  }
  app = await startTestApp({ env, configure })
  await app.app.listing!.firstRound
}, 60_000)
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  ollama.close()
  await provider.close()
})

test('Ollama on this machine is found by itself', async () => {
  const [red] = await app.people('red')
  const { models } = await red.get('models.list', { workspaceId: red.workspaceId })
  const local = models.filter(({ provider: name }) => name === 'ollama')
  expect(local[0]).toMatchObject({ price: { origin: 'free', inputPer1k: '0' }, connectionName: 'Ollama', keyOrigin: 'house' })
})

test('the environment sets up the house: listed in the background, changed and removed with its variables', async () => {
  const [red] = await app.people('red')
  const list = async () =>
    (await red.get('connections.list', { workspaceId: red.workspaceId })).map(({ provider: name, status, keyLast4, isManaged }) => ({
      name,
      status,
      keyLast4,
      isManaged,
    }))

  expect(await list()).toEqual([
    { name: 'anthropic', status: 'error', keyLast4: null, isManaged: true },
    { name: 'built-in', status: 'ready', keyLast4: null, isManaged: true },
    { name: 'ollama', status: 'ready', keyLast4: null, isManaged: true },
    { name: 'openai', status: 'ready', keyLast4: '1111', isManaged: true },
  ])
  // A house provider that answers comes before the built-in model.
  const { models, effective } = await red.get('models.list', { workspaceId: red.workspaceId })
  expect(models.find(({ id }) => id === effective.modelId)).toMatchObject({ provider: 'openai', keyOrigin: 'house' })
  expect(effective.origin).toBe('system')

  const restartWith = (variables: Record<string, string>) =>
    saveHouseConnections({ ...app.deps, config: readConfig({ DATA_DIR: app.deps.config.dataDir, OLLAMA_BASE_URL: 'off', ...variables }) })
  await restartWith({ OPENAI_API_KEY: 'sk-of-the-house-2222', OPENAI_BASE_URL: provider.baseUrl('openai') })
  app.app.resolver.invalidate()
  expect(await list()).toEqual([
    { name: 'built-in', status: 'ready', keyLast4: null, isManaged: true },
    { name: 'openai', status: 'untested', keyLast4: '2222', isManaged: true },
  ])
  await restartWith({})
  app.app.resolver.invalidate()
  expect(await list()).toHaveLength(1)
  expect((await red.get('models.list', { workspaceId: red.workspaceId })).effective.origin).toBe('system')
})
