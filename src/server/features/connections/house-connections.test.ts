import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { readConfig } from '../../config.ts'
import { startTestApp } from '../../../../test/support/test-app.ts'
import { saveHouseConnections } from './index.ts'

let provider: ProviderServer
beforeAll(async () => {
  provider = await startProviderServer()
})
afterAll(() => provider.close())

test('the environment sets up the house: listed in the background, changed and removed with its variables', async () => {
  const env = {
    OPENAI_API_KEY: 'sk-of-the-house-1111',
    OPENAI_BASE_URL: provider.baseUrl('openai'),
    ANTHROPIC_API_KEY: 'dead',
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
  }
  await using app = await startTestApp({ env })
  await app.app.listing!.firstRound
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
    { name: 'openai', status: 'ready', keyLast4: '1111', isManaged: true },
  ])
  // A house provider that answers comes before the built-in model.
  const { models, effective } = await red.get('models.list', { workspaceId: red.workspaceId })
  expect(models.find(({ id }) => id === effective.modelId)).toMatchObject({ provider: 'openai', keyOrigin: 'house' })
  expect(effective.origin).toBe('system')

  const restartWith = (variables: Record<string, string>) =>
    saveHouseConnections({ ...app.deps, config: readConfig({ DATA_DIR: app.deps.config.dataDir, OLLAMA_BASE_URL: 'off', ...variables }) })
  await restartWith({ OPENAI_API_KEY: 'sk-of-the-house-2222', OPENAI_BASE_URL: env.OPENAI_BASE_URL })
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

test('Ollama on this machine is found by itself', async () => {
  await using app = await startTestApp({ env: { OLLAMA_BASE_URL: provider.baseUrl('ollama') } })
  await app.app.listing!.firstRound
  const [red] = await app.people('red')
  const { models } = await red.get('models.list', { workspaceId: red.workspaceId })
  expect(models.find(({ provider: name }) => name === 'ollama')).toMatchObject({
    price: { origin: 'free', inputPer1k: '0' },
    connectionName: 'Ollama',
  })
})
