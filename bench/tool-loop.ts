// What the loop adds to each step besides the model and the tool: turns of many passes with a tool that takes no time, less what the same requests take directly.
//   node bench/tool-loop.ts [--database postgres] [--steps 20] [--rounds 30]
import { parseArgs } from 'node:util'
import { type Call, percentile } from './client.ts'
import { type DatabaseKind, openStage, processorTimeMs } from './stage.ts'

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: 'postgres' },
    steps: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '30' },
    entry: { type: 'string', default: 'dist/server/main.js' },
  },
})
const steps = Number(values.steps)

async function timeOf({ url, headers, body }: Call): Promise<number> {
  const startedAt = performance.now()
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok || /"state":"failed"/.test(text)) throw new Error(text.slice(-400))
  return performance.now() - startedAt
}

await using stage = await openStage(values.database as DatabaseKind, values.entry)
const script = (passes: number) => {
  const toolRounds = Array.from({ length: passes }, (_, round) => [{ name: 'calculate', arguments: { expression: `${round} + 1` } }])
  return `work [[${JSON.stringify({ toolRounds, text: 'done' })}]]`
}
const many = script(steps)
const direct: Call = {
  url: `${stage.providerUrl}/openai/v1/chat/completions`,
  headers: { authorization: 'Bearer sk-bench-0000' },
  body: { model: 'test-10x0', stream: true, messages: [{ role: 'user', content: many }] },
}

const added: number[] = []
const processor: number[] = []
const requests: number[] = []
for (let round = -5; round < Number(values.rounds); round++) {
  const conversation = await stage.newConversation('test-10x0')
  const before = processorTimeMs(stage.pid)
  const whole = await timeOf(stage.startTurn(conversation, many))
  const used = processorTimeMs(stage.pid) - before
  const single = await timeOf(stage.startTurn(await stage.newConversation('test-10x0'), script(0)))
  let asked = 0
  for (let step = 0; step < steps; step++) asked += await timeOf(direct)
  if (round < 0) continue
  added.push((whole - single - asked) / steps)
  requests.push(asked / steps)
  processor.push(used / steps)
}
const ms = (value: number) => `${value.toFixed(2)} ms`
console.log(
  `${values.database}: added to each of ${steps} steps   p50 ${ms(percentile(added, 0.5))}  p90 ${ms(percentile(added, 0.9))}  (a request itself ${ms(percentile(requests, 0.5))}; processor time of the server ${ms(percentile(processor, 0.5))})`,
)
