import { setTimeout as pause } from 'node:timers/promises'
import type { Message } from '../../src/contract/messages.ts'
import type { TurnEvent } from '../../src/contract/turns.ts'
import type { Script } from './provider-server/index.ts'
import type { Client, Person } from './test-app.ts'

export interface SeenEvent {
  id: string
  event: TurnEvent
}

/** Parses server-sent events as a browser does (WHATWG HTML, section 9.2.6), to the end of the stream. */
export async function* readEvents(response: Response): AsyncGenerator<SeenEvent> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body!) {
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

export async function allEvents(response: Response): Promise<SeenEvent[]> {
  return Array.fromAsync(readEvents(response))
}

/** Reads until an event satisfies `isIt`, then leaves the stream. */
export async function eventsUntil(response: Response, isIt: (event: TurnEvent) => boolean): Promise<SeenEvent[]> {
  const seen: SeenEvent[] = []
  for await (const item of readEvents(response)) {
    seen.push(item)
    if (isIt(item.event)) return seen
  }
  throw new Error(`the stream ended before: ${seen.map(({ event }) => event.type).join(', ')}`)
}

/** What the provider server is to answer, written into the message. */
export function scripted(script: Script, words = 'hello'): string {
  return `${words} [[${JSON.stringify(script)}]]`
}

export async function startTurn(client: Client, conversationId: string, body: object): Promise<Response> {
  return client.fetch(`/api/conversations/${conversationId}/turns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(body),
  })
}

export function followTurn(client: Client, turnId: string, after?: string): Promise<Response> {
  return client.fetch(`/api/turns/${turnId}/events`, { headers: after ? { 'last-event-id': after } : {} })
}

/** A conversation with this model, found by the name its provider knows it by. */
export async function conversationWith(person: Person, internalName: string): Promise<string> {
  const { models } = await person.get('models.list', { workspaceId: person.workspaceId })
  const model = models.find((candidate) => candidate.internalName === internalName)
  if (!model) throw new Error(`no model ${internalName} among ${models.map((one) => one.internalName).join(', ')}`)
  return (await person.get('conversations.create', { workspaceId: person.workspaceId, modelId: model.id })).id
}

export async function messagesOf(person: Person, conversationId: string): Promise<Message[]> {
  return (await person.get('conversations.messages', { id: conversationId })).messages
}

export function textOf(message: Message | undefined): string {
  return (message?.parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('')
}

export function turnIdOf(events: readonly SeenEvent[]): string {
  const started = events.find(({ event }) => event.type === 'turn-started' || event.type === 'turn-resumed')
  if (started?.event.type !== 'turn-started') throw new Error('no turn-started event')
  return started.event.turnId
}

/** Asks until it is so; for what another process or a timer brings about. */
export async function eventually<T>(ask: () => Promise<T>, isSo: (value: T) => boolean, patienceMs = 15_000): Promise<T> {
  const until = Date.now() + patienceMs
  for (;;) {
    const value = await ask()
    if (isSo(value)) return value
    if (Date.now() > until) throw new Error(`it did not come about: ${JSON.stringify(value)}`)
    await pause(20)
  }
}
