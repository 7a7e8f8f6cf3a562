import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import type { VisitMessage, VisitPart, VisitUpdate } from '../../src/contract/visits.ts'
import { JsonSocket } from './socket-client.ts'
import type { Person } from './test-app.ts'

/** A published page of a person's workspace, with a bot that answers. */
export async function addBotPage(
  person: Person,
  { modelId, instructions, ...bot }: { modelId?: string; instructions?: string; [more: string]: unknown } = {},
  workspaceId = person.workspaceId,
): Promise<{ pageId: string; slug: string; linkId: string; faqId: string }> {
  const slug = `page-${randomUUID().slice(0, 34)}`.replace(/-$/, '')
  const { id: pageId } = await person.get('pages.create', { workspaceId, slug, displayName: 'Ada' })
  const link = await person.get('pageLinks.create', {
    pageId,
    title: 'Newsletter',
    url: 'https://example.org/news',
    description: 'Every week',
  })
  const faq = await person.get('pageFaq.create', { pageId, question: 'Do you ship abroad?', answer: 'Yes, everywhere.' })
  await person.get('pages.update', { pageId, isPublished: true })
  const agentId =
    modelId || instructions
      ? (
          await person.get('agents.create', {
            workspaceId,
            name: 'Host',
            ...(modelId && { modelId: modelId as never }),
            ...(instructions && { instructions }),
          })
        ).id
      : null
  await person.get('bots.update', { pageId, isEnabled: true, agentId, ...bot })
  return { pageId, slug, linkId: link.id, faqId: faq.id }
}

/** Lets somebody in: on the page with a cookie, or on another site with a token. Answers with the headers and the protocols of their socket. */
export async function admit(url: string, slug: string, origin?: string): Promise<{ headers: Record<string, string>; protocols: string[] }> {
  const response = await fetch(`${url}/@${slug}/visit`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: origin ?? url },
    body: '{}',
  })
  if (!response.ok) throw new Error(`refused: ${response.status} ${await response.text()}`)
  const { token } = (await response.json()) as { token: string | null }
  const cookie = response.headers.get('set-cookie')?.split(';', 1)[0]
  return {
    headers: { origin: origin ?? url, ...(cookie && { cookie }) },
    protocols: ['parley', ...(token ? [`visitor.${token}`] : [])],
  }
}

/** A visitor's client, which keeps the messages as the contract says. */
export class VisitClient extends JsonSocket<VisitUpdate> {
  static async open(url: string, slug: string, { headers, protocols }: Awaited<ReturnType<typeof admit>>): Promise<VisitClient> {
    const client = new VisitClient(new WebSocket(`${url.replace(/^http/, 'ws')}/@${slug}/socket`, protocols, { headers }))
    await client.opened()
    return client
  }

  /** Everything shown, oldest first. */
  get shown(): VisitMessage[] {
    const messages = new Map<string, VisitMessage>()
    for (const update of this.heard) {
      if (update.type === 'visit' || update.type === 'ended') messages.clear()
      if (update.type === 'visit' || update.type === 'messages') for (const message of update.messages) messages.set(message.id, message)
      else if (update.type === 'part') set(messages.get(update.messageId), update.part, () => update.value)
      else if (update.type === 'text')
        set(messages.get(update.messageId), update.part, (known) => ({
          type: 'text',
          text: (known?.type === 'text' ? known.text : '').slice(0, update.offset) + update.text,
        }))
    }
    return [...messages.values()]
  }

  say(text: string, key: string = randomUUID()) {
    return this.ask({ type: 'say', key, text })
  }

  /** The visit once all its answers are whole and there are so many messages. */
  async settled(count: number): Promise<VisitMessage[]> {
    for (;;) {
      const { shown } = this
      if (shown.length >= count && shown.every(({ isWriting }) => !isWriting)) return shown
      await this.next('messages')
    }
  }
}

function set(message: VisitMessage | undefined, index: number, change: (known: VisitPart | undefined) => VisitPart): void {
  if (message) message.parts = Object.assign([...message.parts], { [index]: change(message.parts[index]) })
}

export function wordsOf(message: VisitMessage | undefined): string {
  return message?.parts.flatMap((part) => (part.type === 'text' || part.type === 'notice' ? [part.text] : [])).join('\n') ?? ''
}
