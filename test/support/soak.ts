import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Message } from '../../src/contract/messages.ts'
import type { TurnEvent } from '../../src/contract/turns.ts'
import { testPostgres } from './postgres.ts'
import { type FoundTurn, openSoakContacts } from './soak-contacts.ts'
import { openSoakVisitors } from './soak-visitors.ts'
import { freePort, type ServerProcess, signIn, startProcess, startProviderProcess } from './server-process.ts'

export interface SoakOptions {
  database: 'postgres' | 'embedded'
  cycles: number
  writers?: number
  say?: (line: string) => void
}

export interface SoakReport {
  cycles: number
  turns: number
  /** Of contacts, whose turns nobody asks for by name. */
  ofGuests: number
  completed: number
  /** Turns that went on in another life of the server. */
  resumed: number
  effects: number
  interruptedTools: number
  calls: number
}

/** What a writer knows of a turn that the server has accepted. */
interface KnownTurn {
  id: string
  conversationId: string
  userMessageId: string
  answerMessageId: string
  text: string
  /** Text of the answer's first part as it arrived, with when. */
  seen: { at: number; text: string }[]
}

/**
 * What a follower had read so long before a sign of life of the server is kept for sure: several flushes. Time alone would not do: a machine under full load
 * may not run the server at all for seconds, and what it has not run it has not written.
 */
const durableMs = 1_000

/**
 * Kills the server again and again while people write, and proves afterwards that nothing accepted was lost, that text older than one flush was kept, that
 * no tool that may run once ran twice, and that the ledger adds up. Throws with what was found otherwise.
 */
export async function soak({ database, cycles, writers = 8, say = () => {} }: SoakOptions): Promise<SoakReport> {
  await using opened = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'parley-soak-'))
  opened.defer(() => rm(dir, { recursive: true, force: true }))
  const effects = join(dir, 'effects')
  await writeFile(effects, '')
  const provider = opened.use(await startProviderProcess(await freePort()))
  const account = { email: 'soak@example.com', password: 'soak-password-1' }
  const env: Record<string, string> = {
    EFFECTS: effects,
    HOST: '127.0.0.1',
    DATA_DIR: join(dir, 'data'),
    ADMIN_EMAIL: account.email,
    ADMIN_PASSWORD: account.password,
    OPENAI_API_KEY: 'sk-soak-0000',
    OPENAI_BASE_URL: `${provider.url}/openai/v1`,
    OLLAMA_BASE_URL: 'off',
    // Answers to contacts come back to this machine.
    EGRESS_ALLOW: '127.0.0.1',
    LOG_LEVEL: 'error',
    LEASE_SECONDS: '4',
    SHUTDOWN_DRAIN_SECONDS: '0',
  }
  if (database === 'postgres') {
    const fresh = opened.use(await testPostgres())
    env['DATABASE_URL'] = fresh.url
    env['VAULT_KEYS'] = `soak:${randomBytes(32).toString('base64')}`
  }
  // Two processes where the database can serve two: what one leaves the other takes over.
  const ports = database === 'postgres' ? [await freePort(), await freePort()] : [await freePort()]
  const start = (port: number) =>
    startProcess(['test/support/soak-server.ts'], { ...env, PORT: String(port) }, `http://127.0.0.1:${port}`, '/health')
  const servers: ServerProcess[] = []
  for (const port of ports) servers.push(await start(port))
  opened.defer(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]()
  })

  const headers = await signIn(servers[0]!.url, account.email, account.password)
  const api = async <T>(path: string, init: RequestInit & { body?: string } = {}, url = servers[0]!.url): Promise<T> => {
    const answer = await fetch(url + path, {
      ...init,
      headers: { ...headers, origin: url, 'content-type': 'application/json', ...init.headers },
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
    return JSON.parse(text) as T
  }
  const { workspaces } = await api<{ workspaces: { id: string }[] }>('/api/me')
  const workspaceId = workspaces[0]!.id
  const modelId = await pricedModel(api, workspaceId)
  await api(`/api/workspaces/${workspaceId}/budget`, {
    method: 'PUT',
    body: JSON.stringify({ limitNanoUsd: '900000000000000', period: 'month' }),
  })

  // Who is no member writes too; each kind has its own way in and the same promises.
  const { id: agentId } = await api<{ id: string }>(`/api/workspaces/${workspaceId}/agents`, {
    method: 'POST',
    body: JSON.stringify({ name: 'Soaked', modelId }),
  })
  const forGuests = { api, workspaceId, agentId, urls: servers.map(({ url }) => url), messageFor }
  const guests = [opened.use(await openSoakContacts(forGuests)), opened.use(await openSoakVisitors(forGuests))]
  const known = new Map<string, KnownTurn>()
  let isOver = false
  let resumed = 0

  /** Writes, follows, and comes back after every break, as a client would. */
  async function write(writer: number): Promise<void> {
    let conversationId: string | undefined
    for (let round = 0; !isOver; round++) {
      const url = servers[(writer + round) % servers.length]!.url
      try {
        if (!conversationId || round % 6 === 0) {
          conversationId = (
            await api<{ id: string }>(
              `/api/workspaces/${workspaceId}/conversations`,
              { method: 'POST', body: JSON.stringify({ modelId }) },
              url,
            )
          ).id
        }
        const body = JSON.stringify({ text: messageFor(round), idempotencyKey: randomUUID() })
        const turn = await insist(
          () => startOn(conversationId!, body),
          () => isOver,
        )
        if (!turn) return
        await follow(turn)
      } catch {
        await pause(100)
      }
    }
  }

  /** Sends the same request until it is answered: the key makes it one turn. */
  async function startOn(conversationId: string, body: string): Promise<KnownTurn> {
    const server = servers[Math.floor(Math.random() * servers.length)]!
    const started = await api<{ turnId: string; userMessageId: string; answerMessageId: string }>(
      `/api/conversations/${conversationId}/turns`,
      { method: 'POST', body },
      server.url,
    )
    const turn = {
      id: started.turnId,
      conversationId,
      userMessageId: started.userMessageId,
      answerMessageId: started.answerMessageId,
      text: (JSON.parse(body) as { text: string }).text,
      seen: [],
    }
    known.set(turn.id, turn)
    return turn
  }

  async function follow(turn: KnownTurn): Promise<void> {
    let last: string | undefined
    let text = ''
    while (!isOver) {
      try {
        const server = servers[Math.floor(Math.random() * servers.length)]!
        const answer = await fetch(`${server.url}/api/turns/${turn.id}/events`, {
          headers: { ...headers, ...(last && { 'last-event-id': last }) },
        })
        if (!answer.ok || !answer.body) throw new Error(`events: ${answer.status}`)
        for await (const { id, event } of sse(answer.body)) {
          last = id
          if (event.type === 'turn-resumed') {
            resumed++
            const part = event.parts.find((candidate) => candidate.type === 'text')
            text = part?.type === 'text' ? part.text : ''
          }
          if (event.type === 'text-delta') {
            text = text.slice(0, event.offset) + event.text
            turn.seen.push({ at: Date.now(), text })
          }
          if (event.type === 'turn-ended') return
        }
      } catch {
        await pause(50)
      }
    }
  }

  /** When the last request to each server began that it has answered, from its database. */
  const signsOfLife = servers.map(() => 0)
  async function probe(index: number): Promise<void> {
    while (!isOver) {
      const begunAt = Date.now()
      const answer = await fetch(`${servers[index]!.url}/ready`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
      if (answer?.ok) signsOfLife[index] = begunAt
      await pause(50)
    }
  }

  const probing = servers.map((_, index) => probe(index))
  const writing = Array.from({ length: writers }, (_, writer) => write(writer))
  const guestsWriting = guests.flatMap((kind) => [0, 1].map((writer) => kind.write(writer, () => isOver)))
  let brokenPromise = ''
  for (let cycle = 1; cycle <= cycles; cycle++) {
    await untilBusy(() => known.size, writers)
    await pause(Math.random() * 2_000)
    const index = Math.floor(Math.random() * servers.length)
    await servers[index]!.kill('SIGKILL')
    const alive = Math.min(...signsOfLife)
    // What each follower had read, long enough before the last sign of life, must be in the answer for ever.
    const promised = [...known.values()].flatMap((turn) => {
      const old = turn.seen.filter((entry) => entry.at < alive - durableMs)
      // What was newer may be gone with this process, whatever the next one lives to see.
      turn.seen = old
      return old.length > 0 ? [{ turn, text: old.at(-1)!.text }] : []
    })
    servers[index] = await start(ports[index]!)
    for (const { turn, text } of promised.slice(-40)) {
      const shown = await textOf(api, turn, servers[index]!.url)
      if (shown !== undefined && !shown.startsWith(text))
        brokenPromise ||= `turn ${turn.id} lost text that was older than ${durableMs} ms: read "${text}", kept "${shown}"`
    }
    if (cycle % 5 === 0) say(`${cycle} of ${cycles} kills, ${known.size} turns accepted, ${resumed} times a follower saw one go on`)
    if (brokenPromise) break
  }
  isOver = true
  await Promise.all([...writing, ...guestsWriting, ...probing])
  if (brokenPromise) throw new Error(brokenPromise)

  const ofGuests: FoundTurn[] = (await Promise.all(guests.map((kind) => kind.collect()))).flat()
  const states = await untilEnded(api, [...known.values()])
  for (const turn of ofGuests) {
    known.set(turn.id, { ...turn, seen: [] })
    states.set(turn.id, turn.state)
  }
  const report = await checkLedger(api, workspaceId)
  const lines = (await readFile(effects, 'utf8')).split('\n').filter(Boolean)
  if (new Set(lines).size !== lines.length)
    throw new Error(`a tool that may run once ran twice: ${lines.filter((line, index) => lines.indexOf(line) !== index).join(', ')}`)
  const { completed, interruptedTools } = await checkMessages(api, [...known.values()], states, new Set(lines))
  return {
    cycles,
    turns: known.size,
    ofGuests: ofGuests.length,
    completed,
    resumed,
    effects: lines.length,
    interruptedTools,
    calls: report.calls,
  }
}

/** Until every writer could have begun a turn in this life of the server. */
async function untilBusy(accepted: () => number, writers: number): Promise<void> {
  const before = accepted()
  const until = Date.now() + 10_000
  while (accepted() < before + writers && Date.now() < until) await pause(20)
}

type Api = <T>(path: string, init?: RequestInit & { body?: string }, url?: string) => Promise<T>

function messageFor(round: number): string {
  const kinds: object[] = [
    { tokens: 30, delayMs: 25 },
    {
      toolRounds: [[{ name: 'record_effect', arguments: {} }]],
      text: 'It was {{results}} and that is all there is to say about it now',
      delayMs: 15,
    },
    { tokens: 80, delayMs: 15 },
    {
      toolRounds: [
        [
          { name: 'calculate', arguments: { expression: '2+2' } },
          { name: 'record_effect', arguments: {} },
        ],
        [{ name: 'calculate', arguments: { expression: '3*3' } }],
      ],
      text: 'Sums: {{results}}',
      delayMs: 10,
    },
  ]
  return `round ${round} [[${JSON.stringify(kinds[round % kinds.length])}]]`
}

async function insist<T>(work: () => Promise<T>, isOver: () => boolean): Promise<T | undefined> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      // Refusals are bugs here; broken connections and a server that is not there yet are what this is about.
      if (error instanceof Error && /: 4\d\d /.test(error.message)) throw error
      if (isOver()) return undefined
      await pause(50)
    }
  }
}

async function* sse(body: ReadableStream<Uint8Array>): AsyncGenerator<{ id: string; event: TurnEvent }> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    const frames = rest.split('\n\n')
    rest = frames.pop()!
    for (const frame of frames) {
      const id = /^id: (.+)$/m.exec(frame)?.[1]
      const data = /^data: (.+)$/m.exec(frame)?.[1]
      if (id && data) yield { id, event: JSON.parse(data) as TurnEvent }
    }
  }
}

async function pricedModel(api: Api, workspaceId: string): Promise<string> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const { models } = await api<{ models: { id: string; internalName: string }[] }>(`/api/workspaces/${workspaceId}/models`)
    const found = models.find((model) => model.internalName === 'test-10x0')
    if (found) {
      const price = { inputPer1k: '1000001', outputPer1k: '2000003', reasoningPer1k: null, cacheReadPer1k: null, cacheWritePer1k: null }
      await api(`/api/models/${found.id}`, { method: 'PATCH', body: JSON.stringify({ price }) })
      return found.id
    }
    await pause(100)
  }
  throw new Error('the models of the provider server were not listed')
}

async function textOf(api: Api, turn: KnownTurn, url: string): Promise<string | undefined> {
  const message = await findAnswer(api, turn, url)
  // While a turn runs its text lives in the event log; the message has it when a step ends.
  if (!message || message.answer?.state === 'running' || message.answer?.state === 'queued') return undefined
  return message.parts.find((part) => part.type === 'text')?.text ?? ''
}

async function findAnswer(api: Api, turn: KnownTurn, url?: string): Promise<Message | undefined> {
  const { messages } = await api<{ messages: Message[] }>(`/api/conversations/${turn.conversationId}/messages?limit=100`, {}, url)
  return messages.find((message) => message.id === turn.answerMessageId)
}

async function untilEnded(api: Api, turns: KnownTurn[]): Promise<Map<string, string>> {
  const states = new Map<string, string>()
  const until = Date.now() + 120_000
  for (const turn of turns) {
    for (;;) {
      const { state } = await api<{ state: string }>(`/api/turns/${turn.id}`)
      if (!['queued', 'running', 'waiting'].includes(state)) {
        states.set(turn.id, state)
        break
      }
      if (Date.now() > until) throw new Error(`turn ${turn.id} is still ${state}`)
      await pause(100)
    }
  }
  return states
}

/** What was charged is what the usage rows say, and nothing is held back any more. */
async function checkLedger(api: Api, workspaceId: string): Promise<{ calls: number }> {
  const { total } = await api<{ total: { calls: number; costNanoUsd: string; unknownCostCalls: number } }>(
    `/api/workspaces/${workspaceId}/usage?limit=1`,
  )
  const { budget } = await api<{ budget: { spentNanoUsd: string; reservedNanoUsd: string } }>(`/api/workspaces/${workspaceId}/budget`)
  if (budget.spentNanoUsd !== total.costNanoUsd) throw new Error(`charged ${budget.spentNanoUsd}, used ${total.costNanoUsd}`)
  if (budget.reservedNanoUsd !== '0') throw new Error(`${budget.reservedNanoUsd} are still reserved`)
  if (total.unknownCostCalls > 0) throw new Error(`${total.unknownCostCalls} calls have no cost`)
  return total
}

/** Every accepted message and answer is there; a call that completed took effect exactly once, one that did not says so. */
async function checkMessages(api: Api, turns: KnownTurn[], states: Map<string, string>, effects: Set<string>) {
  let completed = 0
  let interruptedTools = 0
  const pages = new Map<string, Message[]>()
  for (const turn of turns) {
    if (!pages.has(turn.conversationId)) {
      pages.set(
        turn.conversationId,
        (await api<{ messages: Message[] }>(`/api/conversations/${turn.conversationId}/messages?limit=100`)).messages,
      )
    }
    const messages = pages.get(turn.conversationId)!
    const asked = messages.find((message) => message.id === turn.userMessageId)
    const answer = messages.find((message) => message.id === turn.answerMessageId)
    if (asked?.parts[0]?.type !== 'text' || asked.parts[0].text !== turn.text) throw new Error(`the message of turn ${turn.id} was lost`)
    if (!answer) throw new Error(`the answer of turn ${turn.id} was lost`)
    const state = states.get(turn.id)
    if (state === 'failed' && !answer.parts.some((part) => part.type === 'notice')) throw new Error(`turn ${turn.id} failed without a word`)
    if (state === 'completed') completed++
    for (const part of answer.parts) {
      if (part.type !== 'tool-call') continue
      if (part.state === 'interrupted') interruptedTools++
      if (part.toolName === 'record_effect' && part.state === 'completed' && !effects.has(part.callId))
        throw new Error(`call ${part.callId} completed without its effect`)
      if (part.state === 'running' || part.state === 'asked') throw new Error(`call ${part.callId} was left ${part.state} by an ended turn`)
    }
  }
  return { completed, interruptedTools }
}
