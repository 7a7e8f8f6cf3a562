import { parseArgs } from 'node:util'
import { acknowledge, inWords } from './acknowledge.ts'
import { percentile, readText, open, timeToFirst } from './client.ts'
import { type DatabaseKind, openStage, processorTimeMs, residentMb, type Stage } from './stage.ts'

/*
 * npm run bench -- [--database postgres|embedded] [--only first-token,first-token-64,saturation,streams,hooks,memory] [--streams 400] [--events 200] [--seconds 10]
 *
 * Everything runs on one machine: the provider server, the database, the server under test and this client share its cores.
 */
const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    only: { type: 'string' },
    streams: { type: 'string' },
    events: { type: 'string', default: '200' },
    entry: { type: 'string', default: 'dist/server/main.js' },
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '300' },
  },
})
const kinds = (values.database ? [values.database] : ['postgres', 'embedded']) as DatabaseKind[]
const wanted = values.only?.split(',')
const isWanted = (name: string) => !wanted || wanted.includes(name)
const seconds = Number(values.seconds)

const direct = (stage: Stage, model: string) => ({
  url: `${stage.providerUrl}/openai/v1/chat/completions`,
  headers: { authorization: 'Bearer sk-bench-0000' },
  body: { model, stream: true, messages: [{ role: 'user', content: 'hello' }] },
})
const directMarker = '"content":"w1'
const ourMarker = 'event: text-delta'
const ms = (value: number) => `${value.toFixed(1)} ms`

function report(name: string, figures: string): void {
  console.log(`${name.padEnd(58)} ${figures}`)
}

async function firstToken(stage: Stage, kind: DatabaseKind): Promise<void> {
  const ours: number[] = []
  const theirs: number[] = []
  let conversation = ''
  for (let round = -60; round < Number(values.rounds); round++) {
    if (round % 5 === 0) conversation = await stage.newConversation('test-10x0')
    const base = (await timeToFirst(direct(stage, 'test-10x0'), directMarker)).firstMs
    const own = (await timeToFirst(stage.startTurn(conversation, 'hello'), ourMarker)).firstMs
    if (round < 0) continue
    theirs.push(base)
    ours.push(own)
  }
  report(`${kind}: first token added, 1 stream`, added(ours, theirs))
}

function added(ours: number[], theirs: number[]): string {
  const at = (share: number) => ms(percentile(ours, share) - percentile(theirs, share))
  return `p50 ${at(0.5)}  p99 ${at(0.99)}  (direct ${ms(percentile(theirs, 0.5))} / ${ms(percentile(theirs, 0.99))})`
}

async function firstTokenAt64(stage: Stage, kind: DatabaseKind): Promise<void> {
  const run = async (call: () => Promise<number>) => {
    const times: number[] = []
    const until = performance.now() + seconds * 1000
    const warm = performance.now() + 2000
    await Promise.all(
      Array.from({ length: 64 }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 17))
        while (performance.now() < until) {
          const startedAt = performance.now()
          const time = await call()
          if (startedAt > warm) times.push(time)
        }
      }),
    )
    return times
  }
  const theirs = await run(async () => (await timeToFirst(direct(stage, 'test-40x25'), directMarker)).firstMs)
  const ours = await run(
    async () => (await timeToFirst(stage.startTurn(await stage.newConversation('test-40x25'), 'hello'), ourMarker)).firstMs,
  )
  report(`${kind}: first token added, 64 streams (${ours.length} turns)`, added(ours, theirs))
}

async function saturation(stage: Stage, kind: DatabaseKind): Promise<void> {
  const warm = performance.now() + 2000
  const until = warm + seconds * 1000
  let turns = 0
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      let conversation = ''
      for (let round = 0; performance.now() < until; round++) {
        if (round % 5 === 0) conversation = await stage.newConversation('test-10x0')
        await readText(await open(stage.startTurn(conversation, 'hello')))
        const now = performance.now()
        if (now > warm && now < until) turns++
      }
    }),
  )
  report(`${kind}: turns per second, 10 tokens, 64 callers`, (turns / seconds).toFixed(0))
}

/** Each token is the moment at which the provider server sent it. */
async function streams(stage: Stage, kind: DatabaseKind): Promise<void> {
  const count = Number(values.streams ?? (kind === 'postgres' ? 400 : 300))
  const tokens = 50 * (seconds + 4)
  const text = `[[${JSON.stringify({ text: Array(tokens).fill('{{now}}').join(' '), delayMs: 20 })}]]`
  const delays: number[] = []
  let isMeasuring = false
  const conversations = await Promise.all(Array.from({ length: count }, () => stage.newConversation('test-10x0')))
  let processorMs = 0
  setTimeout(() => {
    isMeasuring = true
    processorMs = -processorTimeMs(stage.pid)
  }, 4000)
  setTimeout(
    () => {
      isMeasuring = false
      processorMs += processorTimeMs(stage.pid)
    },
    4000 + seconds * 1000,
  )
  await Promise.all(
    conversations.map(async (conversation, index) => {
      await new Promise((resolve) => setTimeout(resolve, (index / count) * 2000))
      const response = await open(stage.startTurn(conversation, text))
      response.setEncoding('utf8')
      for await (const chunk of response) {
        if (!isMeasuring) continue
        const now = performance.timeOrigin + performance.now()
        for (const [, sentAt] of (chunk as string).matchAll(/"text":" ?(\d{13}\.\d+)/g)) delays.push(now - Number(sentAt))
      }
    }),
  )
  report(
    `${kind}: ${count} streams at 50 tokens/s, delay of a delta`,
    `p50 ${ms(percentile(delays, 0.5))}  p99 ${ms(percentile(delays, 0.99))}  (${Math.round(delays.length / seconds)} deltas/s, ${Math.round((1000 * processorMs) / delays.length)} µs of the server's processor time each)`,
  )
}

async function hooks(stage: Stage, kind: DatabaseKind): Promise<void> {
  const perSecond = Number(values.events)
  report(`${kind}: ${perSecond} events/s over /hooks, to the acknowledgement`, inWords(await acknowledge(stage, { perSecond, seconds })))
}

async function memory(stage: Stage, kind: DatabaseKind): Promise<void> {
  await readText(await open(stage.startTurn(await stage.newConversation(), 'hello')))
  await new Promise((resolve) => setTimeout(resolve, 10_000))
  report(`${kind}: resident memory after one turn`, `${await residentMb(stage.pid)} MB`)
}

const measurements = { memory, 'first-token': firstToken, 'first-token-64': firstTokenAt64, saturation, streams, hooks }
for (const kind of kinds) {
  for (const [name, measure] of Object.entries(measurements)) {
    if (!isWanted(name)) continue
    await using stage = await openStage(kind, values.entry)
    await measure(stage, kind)
  }
}
