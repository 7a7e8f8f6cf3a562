import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiServer, startApiServer } from '../../../../test/support/api-server.ts'
import { addHook, sendEvent } from '../../../../test/support/hook-client.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { startReplyReceiver } from '../../../../test/support/reply-receiver.ts'
import { useTestApp } from '../../../../test/support/test-app.ts'
import { eventually, scripted } from '../../../../test/support/turn-client.ts'

const provider = await startProviderServer()
const receiver = await startReplyReceiver()
let shop: ApiServer
beforeAll(async () => {
  shop = await startApiServer()
})
afterAll(async () => {
  await Promise.all([provider.close(), shop.close()])
  await receiver[Symbol.asyncDispose]()
})
const shared = useTestApp({
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' },
})

test('what a workspace allows its members is not offered to a contact, and not run for one', async () => {
  const app = shared.current
  await app.app.listing?.firstRound
  const [alice] = await app.people('alice')
  const { workspaceId } = alice
  const { models } = await alice.get('models.list', { workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  const source = { url: `${shop.url}/openapi.json` }
  const configuration = { kind: 'http_api' as const, source, baseUrl: `${shop.url}/v1`, operations: { 'GET /items': 'allow' as const } }
  await alice.get('customTools.create', { workspaceId, name: 'Shop', configuration })
  const hook = await addHook(alice, receiver.url, { modelId })
  const before = shop.requests.length

  // Somebody talks the model into calling it all the same.
  const text = scripted({ toolRounds: [[{ name: 'shop__listItems', arguments: {} }]], text: 'done' })
  await sendEvent(app.url, hook, { session: 'guests', message: { text } })
  await eventually(
    async () => receiver.taken.filter(({ session }) => session === 'guests'),
    (replies) => replies.length > 0,
  )
  for (const { body } of provider.requests)
    expect(JSON.stringify((body as { tools?: unknown } | undefined)?.tools ?? [])).not.toContain('shop__')
  expect(shop.requests.length).toBe(before)
})
