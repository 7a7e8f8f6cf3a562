import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { addHook, hookBody, signed } from './hook-client.ts'
import type { Person, TestApp } from './test-app.ts'
import { eventually } from './turn-client.ts'

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
 * The kinds of actors for whom a turn must be what it is for all: taken once, charged once, their own. Tests of that run over this table; a visitor of a page
 * is one more row.
 */
export const speakers: readonly { kind: string; open(options: SpeakerOptions): Promise<Speaker> }[] = [
  { kind: 'a member', open: openMember },
  { kind: 'contacts', open: openContacts },
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
