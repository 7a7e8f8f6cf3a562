import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ErrorCode, errorTable } from '../../src/contract/errors.ts'
import { socketMessages } from '../../src/contract/socket.ts'
import { policiesOfScopes } from '../../src/contract/app-choices.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { SocketClient } from '../support/socket-client.ts'
import { useTestApp } from '../support/test-app.ts'
import { scripted } from '../support/turn-client.ts'
import { brandedPositions, valueAt, withValueAt } from './branded-positions.ts'
import { badCredentials, browserOf, narrowKeys, narrowScopes } from './credentials.ts'
import {
  addAnsweredTurn,
  addAttachment,
  addWaitingTurn,
  askFirst,
  askMore,
  makeWorld,
  missingId,
  settle,
  stateOf,
  type World,
} from './world.ts'

// Walks the messages of the socket as authorisation.test.ts walks the endpoints.

type MessageType = keyof typeof socketMessages

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' }, tools: [askFirst, askMore] })

let world: World
let keys: Awaited<ReturnType<typeof narrowKeys>>
beforeAll(async () => {
  await shared.current.app.listing?.firstRound
  world = await makeWorld(shared.current, provider)
  keys = await narrowKeys(world.alice)
}, 60_000)

/** Calls with own ids that succeed; together they fill every branded position of the message. */
const fixtures: Record<MessageType, () => Promise<Record<string, unknown>[]>> = {
  'turn.start': async () => {
    const { conversationId: id, userMessageId, answerMessageId } = await addAnsweredTurn(world.alice, world.alicesConnection)
    const choice = { modelId: world.alicesConnection.modelId, connectionId: world.alicesConnection.id }
    return [
      { turn: { id, text: scripted({ text: 'an answer' }), parentId: answerMessageId, ...choice } },
      { turn: { id, tryAgain: userMessageId, ...choice } },
      { turn: { id, continueFrom: answerMessageId, ...choice } },
      { turn: { id, attachments: [await addAttachment(world.alice)], ...choice } },
    ]
  },
  'turn.follow': async () => [{ id: (await addAnsweredTurn(world.alice, world.alicesConnection)).turnId }],
  'turn.unfollow': async () => [{ id: (await addAnsweredTurn(world.alice, world.alicesConnection)).turnId }],
  'turn.stop': async () => [{ id: (await addWaitingTurn(world.alice, world.alicesConnection)).turnId }],
  'turn.decide': async () => {
    const { turnId, callId } = await addWaitingTurn(world.alice, world.alicesConnection)
    return [{ id: turnId, callId, decision: 'allow' }]
  },
  'events.follow': async () => [{}],
  typing: async () => [{ id: (await addAnsweredTurn(world.alice, world.alicesConnection)).conversationId, isTyping: true }],
  ping: async () => [{}],
}

/** They read nothing and change nothing but the connection itself, and say the same whatever they are given. */
const harmless: readonly MessageType[] = ['turn.unfollow', 'ping']

const open = (headers: Record<string, string>) => SocketClient.open(shared.current.url, headers)

describe.each(Object.keys(socketMessages) as MessageType[])('%s', (type) => {
  const { access, input: schema } = socketMessages[type]
  const positions = brandedPositions(schema)

  test('asks the gate, tells a stranger nothing, and serves its owner', async () => {
    const calls = await fixtures[type]()
    for (const { path } of positions)
      expect(
        calls.some((call) => typeof valueAt(call, path) === 'string'),
        `no fixture of ${type} fills ${path.join('.')}`,
      ).toBe(true)
    await using alice = await open(browserOf(shared.current, world.alice))
    await settle(world)
    const before = await stateOf(world)

    const scopes = harmless.includes(type)
      ? []
      : narrowScopes.filter((scope) => !policiesOfScopes([scope]).includes(`${access.resource}:${access.action}`))
    for (const scope of scopes) {
      await using client = await open(keys[scope])
      for (const call of calls)
        expect(await client.ask({ type, ...call }), scope).toMatchObject({ type: 'error', code: 'auth.scope_missing' })
    }
    for (const call of calls) {
      for (const { path, brand } of positions.filter(({ path: at }) => valueAt(call, at) !== undefined)) {
        const answerTo = async (id: string) => {
          const { ref: _, ...answer } = await alice.ask({ type, ...withValueAt(call, path, id) })
          return answer
        }
        const missing = await answerTo(missingId())
        if (harmless.includes(type)) expect(missing).toMatchObject({ type: 'ok' })
        else expect(missing, path.join('.')).toMatchObject({ type: 'error', code: `${brand}.not_found` })
        for (const id of world.foreign[brand]!) expect(await answerTo(id), path.join('.')).toEqual(missing)
      }
    }
    expect(await stateOf(world), `a refused ${type} changed something`).toEqual(before)

    const scope = narrowScopes.find((one) => policiesOfScopes([one]).includes(`${access.resource}:${access.action}`))
    await using served = scope ? await open(keys[scope]) : undefined
    for (const call of calls) expect(await (served ?? alice).ask({ type, ...call }), type).not.toMatchObject({ type: 'error' })
    await settle(world)
  }, 60_000)
})

test('a key that may start a turn gets its answer, on the socket and as a stream', async () => {
  const { alice, alicesConnection } = world
  const { conversationId } = await addAnsweredTurn(alice, alicesConnection)
  await using client = await open(keys['turn:create'])
  await client.ask({
    type: 'turn.start',
    turn: { id: conversationId, text: scripted({ text: 'heard' }), modelId: alicesConnection.modelId },
  })
  await client.next('turn.events', ({ items }) => items.some(({ event }) => event.type === 'turn-ended'))

  const response = await fetch(`${shared.current.url}/api/conversations/${conversationId}/turns`, {
    method: 'POST',
    headers: { ...keys['turn:create'], 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ text: scripted({ text: 'heard' }), modelId: alicesConnection.modelId }),
  })
  expect(await response.text()).toContain('turn-ended')
})

describe('who may connect', () => {
  test('nobody with a credential that no longer holds', async () => {
    for (const { what, headers, code } of await badCredentials(shared.current, world.alice))
      await expect(open(headers), what).rejects.toThrow(`refused: ${errorTable[code].status}`)
  })

  test('no page of another site, whatever cookie its browser has', async () => {
    const { cookie } = browserOf(shared.current, world.alice) as { cookie: string }
    const refused = `refused: ${errorTable['request.cross_site' satisfies ErrorCode].status}`
    const { port } = new URL(shared.current.url)
    for (const origin of ['https://elsewhere.example', 'null', `http://localhost:${port}`, `${shared.current.url}.elsewhere.example`])
      await expect(open({ cookie, origin }), origin).rejects.toThrow(refused)
    await expect(open({ cookie, origin: shared.current.url, 'sec-fetch-site': 'same-site' })).rejects.toThrow(refused)
    await expect(open({ cookie }), 'without an origin').rejects.toThrow(refused)
  })

  test('no other address than /ws', async () => {
    const url = `${shared.current.url}/api`
    await expect(SocketClient.open(url, browserOf(shared.current, world.alice))).rejects.toThrow('refused: 404')
  })
})
