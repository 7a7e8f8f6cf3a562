import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Client, useTestApp } from '../../../../test/support/test-app.ts'

let provider: ProviderServer
beforeAll(async () => {
  provider = await startProviderServer()
})
afterAll(() => provider.close())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })

/** Follows a person's events as a browser does. `until` resolves when one of this type has come, with all so far. */
async function follow(client: Client) {
  const stop = new AbortController()
  const response = await client.fetch('/api/me/events', { headers: { accept: 'text/event-stream' }, signal: stop.signal })
  expect(response.status).toBe(200)
  const types: string[] = []
  const reading = (async () => {
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      for (const [, type] of text.matchAll(/^event: (.+)$/gm)) types.push(type!)
    }
  })().catch(() => {}) // the test hangs up
  return { types, until: (type: string) => expect.poll(() => types).toContain(type), [Symbol.asyncDispose]: () => (stop.abort(), reading) }
}

test('a change of settings or keys reaches every device of whom it concerns, and nobody else', async () => {
  const app = shared.current
  const admin = await app.admin()
  const [red, blue] = await app.people('red', 'blue')
  const { id: workspaceId } = await admin.get('workspaces.create', { name: 'Team' })
  await app.addMember(workspaceId, red, 'User')
  const connection = { provider: 'openai' as const, apiKey: 'sk-a-good-key-1234', baseUrl: provider.baseUrl('openai') }
  await using toRed = await follow(red)
  await using toBlue = await follow(blue)

  await red.get('people.updateSettings', { theme: 'dark' })
  await toRed.until('settings-changed')
  const own = await red.get('connections.create', { ...connection, workspaceId: red.workspaceId })
  await toRed.until('connections-changed')
  toRed.types.length = 0
  await red.get('connections.delete', { id: own.id })
  await toRed.until('connections-changed')
  toRed.types.length = 0
  await admin.get('workspaces.updateSettings', { workspaceId, temperature: 1 })
  await toRed.until('settings-changed')
  toRed.types.length = 0
  await admin.get('connections.create', { ...connection, workspaceId, ownership: 'workspace' })
  await toRed.until('connections-changed')
  expect(toBlue.types).toEqual([])

  await admin.get('connections.create', { ...connection, workspaceId, ownership: 'house' })
  await toBlue.until('connections-changed')
})

test('what changes nothing tells nothing', async () => {
  const [red] = await shared.current.people('red')
  await using toRed = await follow(red)
  expect(await red.call('people.updateSettings', {})).toSucceed()
  expect(await red.call('people.updateProfile', {})).toSucceed()
  await red.get('people.updateProfile', { city: 'Athens' })
  await toRed.until('settings-changed')
  expect(toRed.types).toEqual(['settings-changed'])
})

test('a conversation that is deleted while an answer is written is not announced again by the end of the answer', async () => {
  const [red] = await shared.current.people('red')
  const { models } = await red.get('models.list', { workspaceId: red.workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'parley-offline')!.id
  const { id } = await red.get('conversations.create', { workspaceId: red.workspaceId, modelId })
  await using toRed = await follow(red)
  await red.get('turns.start', { id, text: 'help' })
  await toRed.until('turn-changed')
  toRed.types.length = 0
  await red.get('conversations.delete', { id })
  await toRed.until('turn-changed')
  expect(toRed.types).toEqual(['conversation-deleted', 'turn-changed'])
})
