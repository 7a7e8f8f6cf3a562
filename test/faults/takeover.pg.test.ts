import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Message } from '../../src/contract/messages.ts'
import { account, useProcesses } from '../support/processes.ts'
import { type ServerProcess, signIn } from '../support/server-process.ts'
import { eventually, readEvents, scripted, type SeenEvent } from '../support/turn-client.ts'

// Real processes that are told to stop, and one that sleeps past its lease: somebody else goes on, once.

const processes = useProcesses({ SHUTDOWN_DRAIN_SECONDS: '0' })
const start = () => processes.current.start()

/** A signed-in browser that can talk to any of the processes. */
async function signedIn(server: ServerProcess) {
  const { cookie } = (await signIn(server.url, account.email, account.password)) as { cookie: string }
  const ask = async <T>({ url }: ServerProcess, path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<T> => {
    const response = await fetch(url + path, {
      method,
      headers: { cookie, origin: url, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
  const { workspaces } = await ask<{ workspaces: { id: string }[] }>(server, '/api/me')
  const workspaceId = workspaces[0]!.id
  const { models } = await eventually(
    () => ask<{ models: { id: string; internalName: string }[] }>(server, `/api/workspaces/${workspaceId}/models`),
    (list) => list.models.some(({ internalName }) => internalName === 'gpt-4o'),
  )
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  await ask(server, `/api/workspaces/${workspaceId}/budget`, { limitNanoUsd: '900000000000000', period: 'month' }, 'PUT')
  return {
    workspaceId,
    ask,
    async startTurn(on: ServerProcess, text: string): Promise<{ turnId: string; conversationId: string }> {
      const { id } = await ask<{ id: string }>(on, `/api/workspaces/${workspaceId}/conversations`, { modelId })
      return ask(on, `/api/conversations/${id}/turns`, { text })
    },
    /** Reads to the end, and goes on where it was on the other server when one goes away. */
    async follow(servers: ServerProcess[], turnId: string): Promise<SeenEvent[]> {
      const seen: SeenEvent[] = []
      const until = Date.now() + 40_000
      for (let attempt = 0; Date.now() < until; attempt++) {
        try {
          const last = seen.at(-1)?.id
          const response = await fetch(`${servers[attempt % servers.length]!.url}/api/turns/${turnId}/events`, {
            headers: { cookie, ...(last && { 'last-event-id': last }) },
          })
          for await (const item of readEvents(response)) {
            seen.push(item)
            if (item.event.type === 'turn-ended') return seen
          }
        } catch {
          await pause(50)
        }
      }
      throw new Error(`turn ${turnId} did not end: ${seen.at(-1)?.event.type}`)
    },
    async answerOf(on: ServerProcess, conversationId: string): Promise<Message> {
      const { messages } = await ask<{ messages: Message[] }>(on, `/api/conversations/${conversationId}/messages`)
      return messages.at(-1)!
    },
  }
}

/** What a client shows after these events. */
function textOf(items: readonly SeenEvent[]): string {
  let text = ''
  for (const { event } of items) {
    if (event.type === 'turn-resumed' || event.type === 'snapshot')
      text = event.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
    if (event.type === 'text-delta') text = text.slice(0, event.offset) + event.text
  }
  return text
}

/** How often a provider was asked to go on with an answer that broke off. */
const continuations = (): number =>
  processes.current.provider.requests.filter(({ asked }) => asked?.text.startsWith('Your answer above was interrupted')).length

/** No turn is open, no call is open, and what was charged is what the rows say. */
async function expectExactLedger(workspaceId: string): Promise<void> {
  const { rows } = await processes.current.database.query(
    `select (select count(*)::int from turn where workspace_id = $1 and state in ('queued', 'running', 'waiting')) as turns,
      (select count(*)::int from task where workspace_id = $1 and finished_at is null) as tasks,
      (select count(*)::int from tool_call where workspace_id = $1 and finished_at is null) as calls,
      (select sum(cost_nano_usd)::text from usage where workspace_id = $1) as used,
      (select sum(spent_nano_usd)::text from budget_period p join budget b on b.id = p.budget_id where b.workspace_id = $1) as spent,
      (select sum(reserved_nano_usd)::text from budget_period p join budget b on b.id = p.budget_id where b.workspace_id = $1) as reserved,
      (select count(*)::int from (select task_id from usage where workspace_id = $1 group by task_id having count(*) > 1) twice) as twice`,
    [workspaceId],
  )
  const { used, ...rest } = rows[0] as Record<string, unknown>
  expect(rest).toEqual({ turns: 0, tasks: 0, calls: 0, spent: used, reserved: '0', twice: 0 })
}

test('a process that is told to stop hands its turns over, and they go on', async () => {
  await using one = await start()
  await using two = await start()
  const browser = await signedIn(one)
  const turns = await Promise.all(Array.from({ length: 4 }, () => browser.startTurn(one, scripted({ tokens: 120, delayMs: 25 }))))
  const followed = turns.map(({ turnId }, index) => browser.follow(index % 2 === 0 ? [two, one] : [one, two], turnId))
  await pause(1_000)

  const stoppedAt = performance.now()
  await one.kill('SIGTERM')
  expect(one.child.exitCode, one.output()).toBe(0)
  expect(performance.now() - stoppedAt).toBeLessThan(10_000)

  for (const [index, events] of (await Promise.all(followed)).entries()) {
    expect(events.at(-1)!.event).toMatchObject({ type: 'turn-ended', state: 'completed' })
    expect(events.filter(({ event }) => event.type === 'turn-resumed')).toHaveLength(1)
    const answer = await browser.answerOf(two, turns[index]!.conversationId)
    expect(answer.answer).toMatchObject({ state: 'completed' })
    expect(textOf(events)).toBe(answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''))
    // What it had stays, and the provider is asked to go on from there.
    expect(textOf(events)).toMatch(/^(w\d+ ?)+This is the local provider server/)
  }
  expect(continuations()).toBe(4)
  await expectExactLedger(browser.workspaceId)
}, 90_000)

test('a process that slept past its lease finds its turns gone and leaves them alone', async () => {
  await using one = await start()
  await using two = await start()
  const browser = await signedIn(one)
  processes.current.provider.reset()
  const text = await browser.startTurn(one, scripted({ tokens: 100, delayMs: 25 }))
  const tool = await browser.startTurn(
    one,
    scripted({
      toolRounds: [[{ name: 'record_effect', arguments: {} }]],
      text: 'The tool said: {{results}}',
      delayMs: 10,
      firstDelayMs: 600,
    }),
  )
  const seen = [text, tool].map(({ turnId }) => browser.follow([two], turnId))
  await pause(700)

  one.child.kill('SIGSTOP')
  const events = await Promise.all(seen)
  one.child.kill('SIGCONT')
  const after = await Promise.all([text, tool].map(({ conversationId }) => browser.answerOf(two, conversationId)))
  // It answers again, knows that it lost the turns, and has had the time to write what it must not write.
  await eventually(
    () => browser.ask<{ state: string }>(one, `/api/turns/${text.turnId}`),
    ({ state }) => state === 'completed',
  )
  await pause(2_500)

  for (const [index, items] of events.entries()) {
    expect(items.at(-1)!.event, one.output()).toMatchObject({ type: 'turn-ended', state: 'completed' })
    expect(items.filter(({ event }) => event.type === 'turn-resumed').length).toBeLessThanOrEqual(1)
    expect(items.filter(({ event }) => event.type === 'turn-ended')).toHaveLength(1)
    expect(await browser.answerOf(one, [text, tool][index]!.conversationId)).toEqual(after[index])
  }
  expect(events[0]!.filter(({ event }) => event.type === 'turn-resumed')).toHaveLength(1)
  expect(textOf(events[0]!)).toBe(after[0]!.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''))
  expect(continuations()).toBe(1)
  const { rows } = await processes.current.database.query('select epoch, takeovers from turn where id = $1', [text.turnId])
  expect(rows).toEqual([{ epoch: 2, takeovers: 1 }])
  const done = await processes.current.effects()
  expect(new Set(done).size).toBe(done.length)
  await expectExactLedger(browser.workspaceId)

  // It is a member again: what comes now it serves like before.
  const again = await browser.startTurn(one, scripted({ text: 'back at work' }))
  expect(textOf(await browser.follow([one], again.turnId))).toBe('back at work')
}, 90_000)
