import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Tool } from '../../src/server/features/tools/index.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { type Person, useTestApp } from '../support/test-app.ts'
import { allEvents, eventsUntil, followTurn, messagesOf, scripted, startTurn, textOf, turnIdOf } from '../support/turn-client.ts'

// Every provider's wire format through the HTTP API: what a person sees when it works, and when it does not.

const provider = await startProviderServer()
afterAll(() => provider.close())

const sendMail: Tool<{ to: string }> = {
  name: 'send_mail',
  description: 'Sends a mail.',
  input: z.object({ to: z.string() }),
  isRepeatable: false,
  permission: 'ask',
  timeoutMs: 5_000,
  run: async ({ to }) => `sent to ${to}`,
}

const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1', PROVIDER_TIMEOUT_SECONDS: '1' }, tools: [sendMail as Tool] })

const providers = [
  { name: 'openai', model: 'gpt-5' },
  { name: 'anthropic', model: 'claude-sonnet-4-5' },
  { name: 'google', model: 'gemini-2.5-pro' },
  { name: 'xai', model: 'grok-4' },
] as const

let alice: Person
const modelIds = new Map<string, string>()
beforeAll(async () => {
  ;[alice] = await shared.current.people('alice')
  const { workspaceId } = alice
  for (const { name } of providers)
    await alice.get('connections.create', { workspaceId, provider: name, apiKey: `sk-${name}-0000`, baseUrl: provider.baseUrl(name) })
  const { models } = await alice.get('models.list', { workspaceId })
  for (const { name, model } of providers)
    modelIds.set(name, models.find((one) => one.provider === name && one.internalName === model && one.keyOrigin === 'user')!.id)
})

async function conversationAt(name: (typeof providers)[number]['name']): Promise<string> {
  return (await alice.get('conversations.create', { workspaceId: alice.workspaceId, modelId: modelIds.get(name)! })).id
}

describe.each(providers)('the tools of $name', ({ name }) => {
  test('run in parallel, wait for a permission, and their results go back with what the provider wants to see again', async () => {
    const id = await conversationAt(name)
    const toolRounds = [
      [
        { name: 'calculate', arguments: { expression: '6 * 7' } },
        { name: 'calculate', arguments: { expression: '2 ** 10' } },
        { name: 'send_mail', arguments: { to: 'bob@example.org' } },
      ],
      [{ name: 'calculate', arguments: { expression: '1 + 1' } }],
    ]
    const text = scripted({ toolRounds, reasoning: 'First I think about it.', text: 'Last result: {{results}}' }, name)
    const seen = await eventsUntil(await startTurn(alice, id, { text }), ({ type }) => type === 'turn-waiting')
    // Whoever hears that the turn waits can answer at once.
    const { waitingFor } = await alice.get('turns.get', { id: turnIdOf(seen) })
    expect(waitingFor).toMatchObject([{ toolName: 'send_mail', state: 'asked' }])
    await alice.get('turns.decide', { id: turnIdOf(seen), callId: waitingFor[0]!.callId, decision: 'allow' })
    const events = await allEvents(await followTurn(alice, turnIdOf(seen), seen.at(-1)!.id))

    expect(events.at(-1)!.event).toMatchObject({ type: 'turn-ended', state: 'completed' })
    const answer = (await messagesOf(alice, id)).at(-1)!
    expect(answer.parts.filter(({ type }) => type === 'tool-call')).toMatchObject([
      { state: 'completed', result: '42', step: 1 },
      { state: 'completed', result: '1024', step: 1 },
      { state: 'completed', result: 'sent to bob@example.org', step: 1 },
      { state: 'completed', result: '2', step: 2 },
    ])
    expect(textOf(answer)).toBe('Last result: 2')
    // OpenAI's chat completions, which an address of one's own is asked for, have no reasoning in them.
    if (name !== 'openai') expect(answer.parts.some(({ type }) => type === 'reasoning')).toBe(true)

    const passes = provider.requests.filter(({ asked }) => asked?.text === text)
    expect(passes.map(({ asked }) => asked!.toolResults)).toEqual([[], ['42', '1024', 'sent to bob@example.org'], ['2']])
    expect(passes.every(({ asked }) => asked!.toolNames.includes('send_mail'))).toBe(true)
    // Signed thoughts go back as they came, or the provider refuses the next pass.
    const again = JSON.stringify(passes[1]!.body)
    if (name === 'anthropic') expect(again).toContain('"thinking":"First I think about it.","signature":"c2lnbmF0dXJl"')
    if (name === 'google') expect(again).toContain('"thoughtSignature":"c2lnbmF0dXJl"')
    const { total } = await alice.get('usage.list', { workspaceId: alice.workspaceId })
    expect(total.calls).toBeGreaterThanOrEqual(3)
  })

  test('that are refused do not run, and the model goes on without', async () => {
    const id = await conversationAt(name)
    const text = scripted(
      { toolRounds: [[{ name: 'send_mail', arguments: { to: 'eve@example.org' } }]], text: 'I heard: {{results}}' },
      name,
    )
    const seen = await eventsUntil(await startTurn(alice, id, { text }), ({ type }) => type === 'turn-waiting')
    const { waitingFor } = await alice.get('turns.get', { id: turnIdOf(seen) })
    await alice.get('turns.decide', { id: turnIdOf(seen), callId: waitingFor[0]!.callId, decision: 'deny' })
    const events = await allEvents(await followTurn(alice, turnIdOf(seen)))

    expect(events.at(-1)!.event).toMatchObject({ state: 'completed' })
    expect(textOf((await messagesOf(alice, id)).at(-1))).toMatch(/^I heard: .*The user did not allow this tool/)
  })
})

// What OpenAI does wrong is in the tests of the turns.
describe.each(providers.filter(({ name }) => name !== 'openai'))('what goes wrong at $name', ({ name }) => {
  test.each([
    ['auth', 'provider.auth', ''],
    ['rate-limit', 'provider.rate_limited', ''],
    ['server-error', 'provider.unavailable', ''],
    ['overloaded', 'provider.unavailable', ''],
    ['context', 'provider.context_too_long', ''],
    ['bad-request', 'provider.rejected', ''],
    ['not-sse', 'provider.invalid_response', ''],
    ['hang', 'provider.timeout', ''],
    ['stall', 'provider.timeout', 'w1 w2'],
    ['cut', 'provider.interrupted', 'w1 w2'],
    ['invalid-sse', 'provider.invalid_response', 'w1 w2'],
    ['stream-error', 'provider.unavailable', 'w1 w2'],
  ] as const)('%s ends the turn with %s', async (fault, code, kept) => {
    const id = await conversationAt(name)
    const text = scripted({ tokens: 6, delayMs: 2, fault, after: 2, retryAfterSeconds: 30 })
    const events = await allEvents(await startTurn(alice, id, { text }))

    expect(events.at(-1)!.event).toMatchObject({
      type: 'turn-ended',
      state: 'failed',
      error: { code, ...(fault === 'rate-limit' && { retryAfterSeconds: 30 }) },
    })
    const answer = (await messagesOf(alice, id)).at(-1)!
    expect(textOf(answer)).toBe(kept)
    expect(answer.parts.at(-1)).toMatchObject({ type: 'notice', notice: { code } })
    expect(JSON.stringify([events, answer])).not.toContain(`sk-${name}-0000`)
  })
})
