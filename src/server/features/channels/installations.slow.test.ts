import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { addHook, type Hook, hookBody, signed } from '../../../../test/support/hook-client.ts'
import { startReplyReceiver } from '../../../../test/support/reply-receiver.ts'
import { startTelegramServer } from '../../../../test/support/telegram-server.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { eventually } from '../../../../test/support/turn-client.ts'

const botToken = '123456:a-token-of-a-bot-that-is-secret'
const receiver = await startReplyReceiver()
const telegram = await startTelegramServer(botToken)
afterAll(async () => {
  await receiver[Symbol.asyncDispose]()
  await telegram[Symbol.asyncDispose]()
})
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })

let alice: Person
let hook: Hook
beforeEach(async () => {
  ;[alice] = await shared.current.people('alice')
  hook = await addHook(alice, receiver.url)
})
afterEach(() => void vi.useRealTimers())

const send = async (secret: string, { at = new Date() } = {}) => {
  const init = signed({ ...hook, secret }, hookBody({ session: hook.installationId }), { at })
  return (await fetch(`${shared.current.url}/hooks/${hook.installationId}`, init)).status
}
const rotate = async () => (await alice.get('installations.rotateSecret', { id: hook.installationId })).secret!
const listed = async () => (await alice.get('installations.list', { workspaceId: alice.workspaceId }))[0]!

test('a new secret is shown once; the old one is valid for a day, and none before it', async () => {
  const [first, second] = [hook.secret, await rotate()]
  expect(second).toMatch(/^whsec_/)
  expect([await send(first), await send(second)]).toEqual([200, 200])
  const { previousSecretUntil } = await listed()
  expect(Date.parse(previousSecretUntil!) - Date.now()).toBeGreaterThan(23.9 * 3_600_000)
  expect(JSON.stringify(await listed())).not.toContain(second)

  const third = await rotate()
  expect([await send(first), await send(second), await send(third)]).toEqual([401, 200, 200])

  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse((await listed()).previousSecretUntil!) + 1 })
  expect([await send(second), await send(third)]).toEqual([401, 200])
  vi.useRealTimers()
})

test('answers are signed by both while the other side may know only the old one', async () => {
  const answer = async () => {
    expect(await send(await rotate())).toBe(200)
    const [conversation] = await eventually(
      () => alice.get('inbox.list', { workspaceId: alice.workspaceId }),
      (list) => list.length > 0,
    )
    await alice.get('inbox.takeOver', { id: conversation!.id })
    const text = randomUUID()
    await alice.get('inbox.answer', { id: conversation!.id, text, key: randomUUID() })
    const reply = await eventually(
      async () => receiver.taken.find((taken) => taken.text === text),
      (taken) => taken !== undefined,
    )
    return reply!
  }
  const { raw, headers } = await answer()
  expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2)
  expect(() => new Webhook(hook.secret).verify(raw, headers as Record<string, string>)).not.toThrow()
})

test('a bot’s secret is changed at Telegram too', async () => {
  const { installation } = await alice.get('installations.create', {
    workspaceId: alice.workspaceId,
    name: 'A bot',
    settings: { platform: 'telegram', botToken, apiUrl: telegram.url },
  })
  const old = telegram.webhook!.secretToken
  const knock = async (secretToken: string) =>
    (
      await fetch(`${shared.current.url}/hooks/${installation.id}`, {
        method: 'POST',
        headers: { 'x-telegram-bot-api-secret-token': secretToken },
        body: '{"update_id":1}',
      })
    ).status
  expect(await knock(old)).toBe(200)
  expect(await alice.get('installations.rotateSecret', { id: installation.id })).toMatchObject({
    secret: null,
    installation: { previousSecretUntil: null },
  })

  expect(telegram.webhook!.secretToken).not.toBe(old)
  expect([await knock(old), await knock(telegram.webhook!.secretToken)]).toEqual([401, 200])
  const claim = await alice.call('installations.update', { id: installation.id, verifiesEmail: true })
  expect(claim).toFailWith('request.invalid')
})

test('what it is called and how it answers can be changed', async () => {
  const agent = await alice.get('agents.create', { workspaceId: alice.workspaceId, name: 'Kind', instructions: 'Be kind.' })
  const changed = { name: 'Front desk', agentId: agent.id, verifiesEmail: true }
  await alice.get('installations.update', { id: hook.installationId, ...changed })

  expect(await listed()).toMatchObject({ ...changed, isEnabled: true, previousSecretUntil: null })
  await alice.get('installations.update', { id: hook.installationId, agentId: null })
  expect(await listed()).toMatchObject({ name: 'Front desk', agentId: null, verifiesEmail: true })
})
