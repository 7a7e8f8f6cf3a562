import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { derivedId } from '../../src/server/platform/ids.ts'
import { addHook, hookBody, signed } from './hook-client.ts'
import type { Person, TestApp } from './test-app.ts'
import { eventually } from './turn-client.ts'
import { addBotPage, admit, VisitClient } from './visit-client.ts'

/** What became of something that was said. */
export type Outcome = { turnId: string; refusal?: never } | { refusal: string; turnId?: never }

/** Somebody who can start turns in some conversations of a workspace. */
export interface Speaker {
  /** Says something in one of its conversations by one of the processes. The same key is the same request. */
  say(conversation: number, text: string, by: { process: number; key?: string }): Promise<Outcome>
  /** Everybody who spoke: whose turns and calls they have to be. */
  principalIds(): Promise<string[]>
}

export interface SpeakerOptions {
  /** Processes on one database. */
  processes: readonly TestApp[]
  /** Who runs the workspace. */
  person: Person
  workspaceId: string
  modelId: string
  conversations: number
  /** Where answers to contacts go. */
  replyUrl: string
}

/**
 * The kinds of actors for whom a turn must be what it is for all: taken once, charged once, their own. Tests of that run over this table.
 */
export const speakers: readonly { kind: string; open(options: SpeakerOptions): Promise<Speaker> }[] = [
  { kind: 'a member', open: openMember },
  { kind: 'contacts', open: openContacts },
  { kind: 'visitors', open: openVisitors },
]

async function openMember({ processes, person, workspaceId, modelId, conversations }: SpeakerOptions): Promise<Speaker> {
  const { secret } = await person.get('people.createApiKey', { name: 'every process' })
  const clients = processes.map((app) => app.withKey(secret))
  const ids = await Promise.all(
    Array.from({ length: conversations }, async () => (await person.get('conversations.create', { workspaceId, modelId })).id),
  )
  return {
    async say(conversation, text, { process, key }) {
      const id = ids[conversation]!
      const answer = await clients[process]!.call('turns.start', { id, text, ...(key && { idempotencyKey: key }) })
      return answer.ok ? { turnId: answer.value.turnId } : { refusal: answer.problem.code }
    },
    principalIds: async () => [person.id],
  }
}

/** One contact in each thread. */
async function openContacts({ processes, person, workspaceId, modelId, replyUrl }: SpeakerOptions): Promise<Speaker> {
  const hook = await addHook(person, replyUrl, { modelId, workspaceId })
  const { db } = processes[0]!.deps
  const findEnd = async (externalId: string) =>
    (
      await sql<{ error: string | null; turn_id: string | null; conversation_id: string }>`
        select e.error, t.id as turn_id, e.conversation_id from inbound_event e left join turn t on t.user_message_id = e.message_id
        where e.installation_id = ${hook.installationId} and e.external_id = ${externalId} and e.state <> 'open'`.execute(db)
    ).rows[0]
  return {
    async say(conversation, text, { process, key = randomUUID() }) {
      const session = `thread-${conversation}`
      const init = signed(hook, hookBody({ session, sender: { id: session, name: 'Ada' }, message: { text } }), { id: key })
      const response = await fetch(`${processes[process]!.url}/hooks/${hook.installationId}`, init)
      if (!response.ok) return { refusal: ((await response.json()) as { code: string }).code }
      const end = (await eventually(
        () => findEnd(key),
        (found) => found !== undefined,
        60_000,
      ))!
      if (end.turn_id) return { turnId: end.turn_id }
      // A person has it now; whoever asks again asks the model.
      await person.get('inbox.handBack', { id: end.conversation_id })
      return { refusal: end.error ?? 'nothing' }
    },
    async principalIds() {
      const { rows } = await sql<{ id: string }>`select id from contact where installation_id = ${hook.installationId}`.execute(db)
      return rows.map(({ id }) => id)
    },
  }
}

/** One visitor in each conversation, which is their visit, with a connection to each process. */
async function openVisitors({ processes, person, workspaceId, modelId }: SpeakerOptions): Promise<Speaker> {
  const { db } = processes[0]!.deps
  // A workspace has one page, and somebody else may be making it.
  const find = async () => (await person.get('pages.list')).find((page) => page.workspaceId === workspaceId && page.isPublished)?.slug
  const bot = { modelId, dailyLimit: 1_000_000, visitorDailyLimit: 10_000 }
  if (!(await find())) await addBotPage(person, bot, workspaceId).catch(() => undefined)
  const slug = (await eventually(find, (found) => found !== undefined))!
  const visitors = new Map<number, Promise<{ principalId: string; clients: Promise<VisitClient>[] }>>()
  const comeIn = async () => {
    const letIn = await admit(processes[0]!.url, slug)
    const clients = processes.map(({ url }) => VisitClient.open(url, slug, { ...letIn, headers: { ...letIn.headers, origin: url } }))
    return { principalId: letIn.headers.cookie!.split('=')[1]!.split('.')[0]!, clients }
  }
  return {
    async say(conversation, text, { process, key = randomUUID() }) {
      if (!visitors.has(conversation)) visitors.set(conversation, comeIn())
      const { clients } = await visitors.get(conversation)!
      const answer = await (await clients[process]!).say(text, derivedId(key))
      // Strangers are not told why nobody can be asked. In these tests it is money.
      if (answer.type === 'error') return { refusal: answer.code === 'visit.bot_away' ? 'budget.exhausted' : answer.code }
      const messageId = answer.type === 'ok' ? answer.messageId : null
      const { rows } = await sql<{ id: string }>`select id from turn where user_message_id = ${messageId}`.execute(db)
      return { turnId: rows[0]!.id }
    },
    async principalIds() {
      const admitted = (await Promise.all(visitors.values())).map(({ principalId }) => principalId)
      // Of those who were refused every time nothing is kept.
      const { rows } = await sql<{
        id: string
      }>`select distinct author_id as id from message where author_id = any (${admitted}::uuid[])`.execute(db)
      return rows.map(({ id }) => id)
    },
  }
}
