import { setTimeout as pause } from 'node:timers/promises'
import type { InboxConversation, Installation } from '../../src/contract/channels.ts'
import type { Message } from '../../src/contract/messages.ts'
import { type Hook, sendEvent } from './hook-client.ts'
import { startReplyReceiver } from './reply-receiver.ts'
import { eventually } from './turn-client.ts'

type Api = <T>(path: string, init?: { method?: string; body?: string }) => Promise<T>

/** A turn of somebody who cannot be asked for it: found by what they said. */
export interface FoundTurn {
  id: string
  conversationId: string
  userMessageId: string
  answerMessageId: string
  text: string
  /** In which it ended. */
  state: string
}

/** Others than members who write while servers die. */
export interface SoakGuests extends AsyncDisposable {
  /** Writes until it is over, and then until everything that was begun is acknowledged. */
  write(writer: number, isOver: () => boolean): Promise<void>
  /** Waits for what was acknowledged, and answers with its turns. Throws with what was lost, doubled, out of order or not sent. */
  collect(): Promise<FoundTurn[]>
}

interface SoakContactsOptions {
  api: Api
  workspaceId: string
  agentId: string
  urls: readonly string[]
  messageFor(round: number): string
}

/** As many as a page of messages shows, questions and answers. */
const messagesInThread = 40
const patienceMs = 120_000

export async function openSoakContacts({ api, workspaceId, agentId, urls, messageFor }: SoakContactsOptions): Promise<SoakGuests> {
  const receiver = await startReplyReceiver()
  const made = await api<{ installation: Installation; secret: string }>(`/api/workspaces/${workspaceId}/installations`, {
    method: 'POST',
    body: JSON.stringify({ name: 'soak', settings: { platform: 'webhook', replyUrl: receiver.url }, agentId }),
  })
  const hook: Hook = { installationId: made.installation.id, secret: made.secret }
  /** What was acknowledged, in that order, by thread; a contact is called like its thread. */
  const acknowledged = new Map<string, string[]>()

  /** As a platform does it: again and again, with the same id, until somebody says that it is safe. */
  async function insist(session: string, id: string, text: string): Promise<void> {
    const until = Date.now() + patienceMs
    for (;;) {
      const url = urls[Math.floor(Math.random() * urls.length)]!
      const response = await sendEvent(url, hook, { session, sender: { id: session, name: session }, message: { id, text } }, { id }).catch(
        () => undefined,
      )
      if (response?.ok) return
      if (response && response.status < 500) throw new Error(`event ${id}: ${response.status} ${await response.text()}`)
      if (Date.now() > until) throw new Error(`event ${id} was never acknowledged`)
      await pause(50)
    }
  }

  async function collectThread(session: string, texts: readonly string[], conversation: InboxConversation): Promise<FoundTurn[]> {
    const { id: conversationId, handledBy } = conversation
    const { messages } = await eventually(
      () => api<{ messages: Message[] }>(`/api/conversations/${conversationId}/messages?limit=100`),
      (page) => page.messages.filter(({ role }) => role === 'user').length >= texts.length,
      patienceMs,
    )
    const questions = messages.filter(({ role }) => role === 'user')
    const said = questions.map(textOf)
    if (JSON.stringify(said) !== JSON.stringify(texts))
      throw new Error(`thread ${session}: acknowledged ${JSON.stringify(texts)}, kept ${JSON.stringify(said)}`)
    return questions.flatMap((question) => {
      const answer = messages.find(({ role, parentId }) => role === 'assistant' && parentId === question.id)
      if (answer?.answer) {
        const { turnId, state } = answer.answer
        return [{ id: turnId, conversationId, userMessageId: question.id, answerMessageId: answer.id, text: textOf(question), state }]
      }
      // After a turn that failed, a person answers.
      if (handledBy === 'person') return []
      throw new Error(`thread ${session}: nobody answers "${textOf(question)}"`)
    })
  }

  return {
    async write(writer, isOver) {
      for (let round = 0; !isOver(); round++) {
        const session = `thread-${writer}-${Math.floor(round / messagesInThread)}`
        const text = `${messageFor(round)} ${session} ${round}`
        await insist(session, `evt-${writer}-${round}`, text)
        acknowledged.set(session, [...(acknowledged.get(session) ?? []), text])
        await pause(700)
      }
    },
    async collect() {
      const turns: FoundTurn[] = []
      for (const [session, texts] of acknowledged) {
        const find = async () =>
          (await api<InboxConversation[]>(`/api/workspaces/${workspaceId}/inbox?limit=100`)).find(
            ({ contactName }) => contactName === session,
          )
        const conversation = await eventually(find, (found) => found !== undefined && !found.isAnswering, patienceMs)
        const found = await collectThread(session, texts, conversation!)
        turns.push(...found)
        const last = await eventually(find, (now) => now !== undefined && !now.isAnswering && now.delivery?.state !== 'pending', patienceMs)
        const sent = new Set(receiver.taken.map(({ headers }) => headers['webhook-id']))
        const unsent = found.filter(({ answerMessageId }) => !sent.has(answerMessageId))
        if (last!.handledBy === 'bot' && unsent.length > 0)
          throw new Error(`thread ${session}: answers were not sent: ${unsent.map(({ text }) => text).join(', ')}`)
      }
      return turns
    },
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  }
}

function textOf({ parts }: Message): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}
