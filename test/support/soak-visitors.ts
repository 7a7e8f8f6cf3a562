import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { InboxConversation } from '../../src/contract/channels.ts'
import type { Message } from '../../src/contract/messages.ts'
import type { FoundTurn, SoakGuests } from './soak-contacts.ts'
import { eventually } from './turn-client.ts'
import { admit, VisitClient } from './visit-client.ts'

type Api = <T>(path: string, init?: { method?: string; body?: string }) => Promise<T>

interface SoakVisitorsOptions {
  api: Api
  workspaceId: string
  agentId: string
  urls: readonly string[]
  messageFor(round: number): string
}

/** As many as a page of messages shows, questions and answers. */
const messagesInVisit = 40
const patienceMs = 120_000

/** Visitors of a page who write while servers die. */
export async function openSoakVisitors({ api, workspaceId, agentId, urls, messageFor }: SoakVisitorsOptions): Promise<SoakGuests> {
  const slug = 'soak-page'
  const patch = (path: string, body: object) => api(path, { method: 'PATCH', body: JSON.stringify(body) })
  const { id: pageId } = await api<{ id: string }>(`/api/workspaces/${workspaceId}/page`, {
    method: 'POST',
    body: JSON.stringify({ slug, displayName: 'Soak' }),
  })
  await patch(`/api/pages/${pageId}`, { isPublished: true })
  await patch(`/api/pages/${pageId}/bot`, { isEnabled: true, agentId, dailyLimit: 1_000_000, visitorDailyLimit: 10_000 })
  /** What was acknowledged, in that order, by visitor. */
  const acknowledged = new Map<string, string[]>()

  /** As a browser does it: connects again, at another process, and says it again under the same key. */
  async function visitor(name: string) {
    let letIn: Awaited<ReturnType<typeof admit>> | undefined
    let client: VisitClient | undefined
    return async (text: string): Promise<void> => {
      const key = randomUUID()
      const until = Date.now() + patienceMs
      for (;;) {
        if (Date.now() > until) throw new Error(`${name}: "${text}" was never acknowledged`)
        const url = urls[Math.floor(Math.random() * urls.length)]!
        try {
          letIn ??= await admit(url, slug)
          client ??= await VisitClient.open(url, slug, { ...letIn, headers: { ...letIn.headers, origin: url } })
          const answer = await client.say(text, key)
          if (answer.type === 'ok') return
          if (
            answer.type === 'error' &&
            !['request.rate_limited', 'server.stopping', 'database.unavailable', 'internal'].includes(answer.code)
          )
            throw new TypeError(`${name}: ${answer.code}`)
        } catch (error) {
          if (error instanceof TypeError && error.message.startsWith(name)) throw error
          client = undefined
        }
        await pause(100)
      }
    }
  }

  return {
    async write(writer, isOver) {
      for (let visit = 0; !isOver(); visit++) {
        const name = `visitor-${writer}-${visit}`
        const say = await visitor(name)
        for (let round = 0; round < messagesInVisit && !isOver(); round++) {
          const text = `${messageFor(round)} ${name} ${round}`
          await say(text)
          acknowledged.set(name, [...(acknowledged.get(name) ?? []), text])
          // Below the limit of what one visitor may say in a minute.
          await pause(2_100)
        }
      }
    },
    async collect() {
      const turns: FoundTurn[] = []
      const known = new Map<string, { id: string; messages: Message[] }>()
      const inbox = await eventually(
        () => api<InboxConversation[]>(`/api/workspaces/${workspaceId}/inbox?limit=100`),
        (list) => list.filter(({ source }) => source === 'page').every(({ isAnswering }) => !isAnswering),
        patienceMs,
      )
      for (const { id, source } of inbox) {
        if (source !== 'page') continue
        const { messages } = await api<{ messages: Message[] }>(`/api/conversations/${id}/messages?limit=100`)
        const name = / (visitor-\d+-\d+) \d+$/.exec(textOf(messages[0]!))?.[1]
        if (!name || known.has(name)) throw new Error(`a visit of nobody, or a second one: ${name}`)
        known.set(name, { id, messages })
      }
      for (const [name, texts] of acknowledged) {
        const { id, messages } = known.get(name) ?? { id: '', messages: [] }
        const questions = messages.filter(({ role }) => role === 'user')
        if (JSON.stringify(questions.map(textOf)) !== JSON.stringify(texts))
          throw new Error(`${name}: acknowledged ${JSON.stringify(texts)}, kept ${JSON.stringify(questions.map(textOf))}`)
        for (const question of questions) {
          const answer = messages.find(({ role, parentId }) => role === 'assistant' && parentId === question.id)
          if (!answer?.answer) throw new Error(`${name}: nobody answers "${textOf(question)}"`)
          const { turnId, state } = answer.answer
          turns.push({
            id: turnId,
            conversationId: id,
            userMessageId: question.id,
            answerMessageId: answer.id,
            text: textOf(question),
            state,
          })
        }
      }
      return turns
    },
    [Symbol.asyncDispose]: async () => {},
  }
}

function textOf({ parts }: Message): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}
