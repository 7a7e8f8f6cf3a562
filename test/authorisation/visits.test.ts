import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { visitMessages } from '../../src/contract/visits.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { SocketClient } from '../support/socket-client.ts'
import { useTestApp } from '../support/test-app.ts'
import { addBotPage, admit, VisitClient } from '../support/visit-client.ts'
import { brandedPositions, endpoints, valueAt, withValueAt } from './branded-positions.ts'
import { browserOf } from './credentials.ts'
import { askFirst, askMore, makeWorld, missingId, settle, stateOf, type World } from './world.ts'

// Walks what a visitor says as authorisation.test.ts walks the endpoints, and the endpoints with what a visitor has to show.

type MessageType = keyof typeof visitMessages

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' }, tools: [askFirst, askMore] })

let world: World
let slug: string
let url: string
beforeAll(async () => {
  await shared.current.app.listing?.firstRound
  ;({ url } = shared.current)
  world = await makeWorld(shared.current, provider)
  ;({ slug } = await addBotPage(world.alice, { quickActions: [{ kind: 'tool', label: 'Questions', tool: 'faq' }] }))
}, 60_000)

const open = async () => VisitClient.open(url, slug, await admit(url, slug))

/** What a visitor sees after they pressed the first button. */
async function pressed(client: VisitClient) {
  await client.ask({ type: 'press', key: randomUUID(), index: 0 })
  const [asked, shown] = await client.settled(2)
  const surface = shown!.parts.find((part) => part.type === 'surface')
  if (surface?.type !== 'surface') throw new Error('nothing was shown')
  const [{ context }] = JSON.stringify(surface.messages)
    .match(/\{"faqId":"[^"]+"\}/)!
    .map((text) => ({ context: JSON.parse(text) as object })) as [{ context: object }]
  const action = { name: 'faq.show', surfaceId: surface.surfaceId, sourceComponentId: 'question-0', timestamp: '', context }
  return { asked: asked!, shown: shown!, action }
}

/** A call that succeeds, made by this visitor. */
const fixtures: Record<MessageType, (client: VisitClient) => Promise<Record<string, unknown>>> = {
  say: async () => ({ key: randomUUID(), text: 'Good morning' }),
  press: async () => ({ key: randomUUID(), index: 0 }),
  act: async (client) => {
    const { shown, action } = await pressed(client)
    return { key: randomUUID(), messageId: shown.id, action }
  },
  stop: async () => ({}),
  end: async () => ({}),
  ping: async () => ({}),
}

describe.each(Object.keys(visitMessages) as MessageType[])('%s', (type) => {
  const positions = brandedPositions(visitMessages[type].input)

  test('serves its visitor, and tells nothing of what is not theirs', async () => {
    await using client = await open()
    await using neighbour = await open()
    const theirs = await pressed(neighbour)
    const call = await fixtures[type](client)
    await settle(world)
    const before = await stateOf(world)

    for (const { path, brand } of positions) {
      expect(typeof valueAt(call, path), `no fixture of ${type} fills ${path.join('.')}`).toBe('string')
      const answerTo = async (id: string) => {
        const { ref: _, ...answer } = await client.ask({ type, ...withValueAt(call, path, id) })
        return answer
      }
      const missing = await answerTo(missingId())
      expect(missing, path.join('.')).toMatchObject({ type: 'error', code: `${brand}.not_found` })
      for (const id of [...world.foreign[brand]!, theirs.asked.id, theirs.shown.id]) expect(await answerTo(id)).toEqual(missing)
    }
    if (positions.length > 0) expect(await stateOf(world), `a refused ${type} changed something`).toEqual(before)

    expect(await client.ask({ type, ...call })).not.toMatchObject({ type: 'error' })
    await settle(world)
  }, 60_000)
})

describe("a visitor's credential", () => {
  test('opens no endpoint', async () => {
    const { headers } = await admit(url, slug)
    const token = headers.cookie!.split('=')[1]!
    const before = await stateOf(world)
    for (const { name, method, path, access } of endpoints.filter(({ access: { whose } }) => whose !== 'anyone')) {
      const address = `${url}${path.replaceAll(/\{\w+\}/g, () => missingId())}`
      for (const credential of [
        headers,
        { origin: url, cookie: headers.cookie!.replace('visitor', 'session') },
        { authorization: `Bearer ${token}` },
        { authorization: `Bearer pk_${token}` },
      ] as Record<string, string>[]) {
        const response = await fetch(address, {
          method,
          headers: { ...credential, 'content-type': 'application/json' },
          ...(method !== 'GET' && { body: '{}' }),
        })
        expect(response.status, `${name} (${access.resource}:${access.action})`).toBe(401)
        await response.body?.cancel()
      }
    }
    expect(await stateOf(world)).toEqual(before)
  }, 60_000)

  test('opens no socket but its own, and a session opens none of a visitor', async () => {
    const { headers, protocols } = await admit(url, slug)
    await expect(SocketClient.open(url, headers)).rejects.toThrow('refused: 401')
    const session = { ...browserOf(shared.current, world.alice), origin: url } as Record<string, string>
    await expect(VisitClient.open(url, slug, { headers: session, protocols })).rejects.toThrow('refused: 401')
  })
})
