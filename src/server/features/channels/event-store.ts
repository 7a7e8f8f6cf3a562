import { sql } from 'kysely'
import type { Database, Db } from '../../platform/db/index.ts'

export interface EventRow {
  id: string
  workspace_id: string
  installation_id: string
  session_id: string
  raw: Uint8Array
  attempts: number
}

export interface IncomingEvent {
  id: string
  installationId: string
  externalId: string
  sessionId: string
  raw: Buffer
}

export interface KeptEvent {
  /** False: it was there already. */
  isNew: boolean
  /** Of the installation as it is now; null where there is none. */
  isEnabled: boolean | null
}

const keepStatement = `
  with item as (
    select * from jsonb_to_recordset($1::jsonb) as i (id uuid, "installationId" uuid, "externalId" text, "sessionId" text, raw text)
  ), kept as (
    insert into inbound_event (id, workspace_id, installation_id, external_id, session_id, raw)
    select i.id, n.workspace_id, n.id, i."externalId", i."sessionId", decode(i.raw, 'base64')
    from item i join installation n on n.id = i."installationId" and n.is_enabled
    on conflict do nothing returning id
  )
  select i.id, kept.id is not null as "isNew", n.is_enabled as "isEnabled"
  from item i left join kept on kept.id = i.id left join installation n on n.id = i."installationId"`

/** Stores events once, of installations that are there and switched on. Answers in the order given. */
export async function keepEvents({ call }: Pick<Database, 'call'>, events: readonly IncomingEvent[]): Promise<KeptEvent[]> {
  const given = JSON.stringify(events.map(({ raw, ...event }) => ({ ...event, raw: raw.toString('base64') })))
  const rows = await call<KeptEvent & { id: string }>('keep_events', keepStatement, [given])
  const byId = new Map(rows.map((row) => [row.id, row]))
  return events.map(({ id }) => byId.get(id)!)
}

/** Open events that nobody works on, the first of each thread: what follows waits until it is done. */
export async function claimEvents(db: Db, limit: number, claimSeconds: number): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    with due as materialized (
      select e.id from inbound_event e
      where e.state = 'open' and e.raw is not null and (e.claimed_until is null or e.claimed_until < now())
        and not exists (
          select from inbound_event o where o.installation_id = e.installation_id and o.session_id = e.session_id and o.state = 'open' and o.id <> e.id
            -- Its storing may have committed after that of a later one, which then is at work already.
            and ((o.received_at, o.id) < (e.received_at, e.id) or o.claimed_until > now()))
      order by e.received_at, e.id limit ${limit} for update of e skip locked
    )
    update inbound_event set claimed_until = now() + make_interval(secs => ${claimSeconds}), attempts = attempts + 1
    where id in (select id from due)
    returning id, workspace_id, installation_id, session_id, raw, attempts
  `.execute(db)
  return rows
}

export interface EventEnd {
  state: 'done' | 'ignored' | 'failed'
  error?: string
  conversationId?: string
  messageId?: string
}

export async function endEvent(db: Db, id: string, end: EventEnd): Promise<void> {
  await db
    .updateTable('inbound_event')
    .set({
      state: end.state,
      claimed_until: null,
      error: end.error ?? null,
      conversation_id: end.conversationId ?? null,
      message_id: end.messageId ?? null,
    })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute()
}

/** Left open, to be tried again after a pause. */
export async function postponeEvent(db: Db, id: string, seconds: number, error: string): Promise<void> {
  await db
    .updateTable('inbound_event')
    .set({ claimed_until: sql<Date>`now() + make_interval(secs => ${seconds})`, error })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute()
}

/** Raw events older than so many days go; that they came is remembered. Answers how many. */
export async function forgetRaw(db: Db, days: number, limit: number): Promise<number> {
  const { rows } = await sql`
    update inbound_event set raw = null where id in (
      select id from inbound_event where raw is not null and state <> 'open' and received_at < now() - make_interval(days => ${days})
      order by received_at limit ${limit} for update skip locked
    ) returning id
  `.execute(db)
  return rows.length
}

/** Of events and deliveries, after the only process there was has ended. */
export async function releaseClaims(db: Db): Promise<void> {
  await sql`update inbound_event set claimed_until = null where state = 'open' and claimed_until is not null`.execute(db)
  await sql`update delivery set claimed_until = null where state = 'pending' and claimed_until is not null`.execute(db)
}
