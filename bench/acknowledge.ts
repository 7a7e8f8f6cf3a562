import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { json, open, percentile, readText } from './client.ts'
import type { Stage } from './stage.ts'

/** Installations, so that none sends more than its share in a minute. */
const installations = 4
/** Threads of each. */
const threads = 100

interface Load {
  perSecond: number
  seconds: number
}

export interface Acknowledged {
  times: number[]
  refused: number
  /** Answers that had reached the sender when the last event was acknowledged. */
  answered: number
  /** Until all of them had, from the first event. */
  allAnsweredSeconds: number
}

/** Events at a steady rate, whether or not the one before is acknowledged, each answered by a turn whose answer is sent back. */
export async function acknowledge(stage: Stage, { perSecond, seconds }: Load): Promise<Acknowledged> {
  let answered = 0
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => {
      answered++
      response.end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  try {
    const replyUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
    const hooks = await Promise.all(Array.from({ length: installations }, () => addHook(stage, replyUrl)))
    const post = async (index: number, round: string) => {
      const hook = hooks[index % installations]!
      const session = `thread-${Math.floor(index / installations) % threads}`
      const body = { session, sender: { id: session, name: 'Ada' }, message: { id: `${round}-${index}`, text: 'When do you open?' } }
      const id = `evt-${round}-${index}`
      const at = new Date()
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(hook.secret).sign(id, at, JSON.stringify(body)),
      }
      const startedAt = performance.now()
      const response = await open({ url: hook.url, headers, body })
      await readText(response)
      return { status: response.statusCode, ms: performance.now() - startedAt }
    }
    const steadily = async (round: string, forSeconds: number) => {
      const sent: ReturnType<typeof post>[] = []
      const startedAt = performance.now()
      while (sent.length < perSecond * forSeconds) {
        const due = Math.min(perSecond * forSeconds, Math.floor(((performance.now() - startedAt) / 1000) * perSecond))
        while (sent.length < due) sent.push(post(sent.length, round))
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      return Promise.all(sent)
    }
    const until = async (count: number) => {
      const patience = performance.now() + 180_000
      while (answered < count && performance.now() < patience) await new Promise((resolve) => setTimeout(resolve, 20))
      if (answered < count) throw new Error(`${answered} of ${count} were answered`)
    }
    // Contacts and conversations are made once.
    await steadily('warm', 2)
    await until(perSecond * 2)

    const before = answered
    const startedAt = performance.now()
    const results = await steadily('run', seconds)
    const answeredMeanwhile = answered - before
    const accepted = results.filter(({ status }) => status === 200)
    await until(before + accepted.length)
    return {
      times: accepted.map(({ ms }) => ms),
      refused: results.length - accepted.length,
      answered: answeredMeanwhile,
      allAnsweredSeconds: (performance.now() - startedAt) / 1000,
    }
  } finally {
    receiver.closeAllConnections()
    receiver.close()
  }
}

export function inWords({ times, refused, answered, allAnsweredSeconds }: Acknowledged): string {
  const at = (share: number) => `${percentile(times, share).toFixed(1)} ms`
  return `p50 ${at(0.5)}  p99 ${at(0.99)}  worst ${at(1)}  (${refused} refused; ${answered} of ${times.length} answered meanwhile, all after ${allAnsweredSeconds.toFixed(1)} s)`
}

async function addHook(stage: Stage, replyUrl: string): Promise<{ url: string; secret: string }> {
  const { installation, secret } = await json<{ installation: { id: string }; secret: string }>({
    url: `${stage.url}/api/workspaces/${stage.workspaceId}/installations`,
    headers: stage.headers,
    body: { name: 'A hook', settings: { platform: 'webhook', replyUrl }, agentId: await stage.newAgent('test-10x0') },
  })
  return { url: `${stage.url}/hooks/${installation.id}`, secret }
}
