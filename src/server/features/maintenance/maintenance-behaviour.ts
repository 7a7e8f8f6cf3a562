import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { startTestApp, type TestAppOptions } from '../../../../test/support/test-app.ts'
import type { Db } from '../../platform/db/index.ts'
import { purgeConversations } from '../conversations/index.ts'
import { keepPartitions, makePartitions } from './keep-partitions.ts'

const dayMs = 86_400_000

function nameOf(day: Date): string {
  return `turn_event_${day.toISOString().slice(0, 10).replaceAll('-', '_')}`
}

async function partitionOf(db: Db, turnId: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select tableoid::regclass::text as name from turn_event where turn_id = ${turnId}`.execute(
    db,
  )
  return rows.map(({ name }) => name)
}

async function insertEvent(db: Db, turnId: string, at: Date): Promise<void> {
  await sql`insert into turn_event (turn_id, epoch, first_seq, last_seq, events, created_at) values (${turnId}, 1, 1, 1, '[]', ${at})`.execute(
    db,
  )
}

/** What holds on both databases. */
export function testMaintenance(database: NonNullable<TestAppOptions['database']>): void {
  test('events and usage lie in partitions from the first row on; old events go by whole partitions', { timeout: 60_000 }, async () => {
    await using app = await startTestApp({ database })
    const { db } = app.deps
    const [alice] = await app.people('alice')
    const { id } = await alice.get('conversations.create', { workspaceId: alice.workspaceId })
    const { turnId } = await alice.get('turns.start', { id, text: 'What is 6 times 7?' })
    await (await alice.fetch(`/api/turns/${turnId}/events`)).text()

    const today = new Date()
    expect(new Set(await partitionOf(db, turnId))).toEqual(new Set([nameOf(today)]))
    const { rows: usage } = await sql<{ name: string }>`select distinct tableoid::regclass::text as name from usage`.execute(db)
    expect(usage).toEqual([{ name: `usage_${today.toISOString().slice(0, 7).replace('-', '_')}` }])

    // A server that stood still for a week: rows came before anybody made their partition, and an old day is still there.
    const [old, late] = [randomUUID(), randomUUID()]
    const eightDaysAgo = new Date(today.getTime() - 9 * dayMs)
    const yesterday = new Date(today.getTime() - dayMs)
    const day = (date: Date) => date.toISOString().slice(0, 10)
    await sql`select make_partition('turn_event', ${nameOf(eightDaysAgo).slice('turn_event_'.length)}, ${`${day(eightDaysAgo)}Z`}::timestamptz, ${`${day(new Date(eightDaysAgo.getTime() + dayMs))}Z`}::timestamptz)`.execute(
      db,
    )
    await insertEvent(db, old, eightDaysAgo)
    await insertEvent(db, late, yesterday)
    expect([await partitionOf(db, old), await partitionOf(db, late)]).toEqual([[nameOf(eightDaysAgo)], ['turn_event_default']])

    await keepPartitions(app.deps)
    expect([await partitionOf(db, old), await partitionOf(db, late)]).toEqual([[], ['turn_event_default']])

    await sql`select make_partition('turn_event', ${nameOf(yesterday).slice('turn_event_'.length)}, ${`${day(yesterday)}Z`}::timestamptz, ${`${day(today)}Z`}::timestamptz)`.execute(
      db,
    )
    expect(await partitionOf(db, late)).toEqual([nameOf(yesterday)])
    await Promise.all([makePartitions(app.deps), makePartitions(app.deps)]) // there already: nothing happens
  })

  test('a conversation goes for good 30 days after it was deleted, its cost stays', { timeout: 60_000 }, async () => {
    await using app = await startTestApp({ database })
    const { db } = app.deps
    const [alice] = await app.people('alice')
    const talk = async (text: string) => {
      const { id } = await alice.get('conversations.create', { workspaceId: alice.workspaceId })
      const { turnId } = await alice.get('turns.start', { id, text })
      await (await alice.fetch(`/api/turns/${turnId}/events`)).text()
      return id
    }
    const [gone, recent, kept] = [await talk('Hello'), await talk('Hello'), await talk('Hello')]
    for (const id of [gone, recent]) await alice.get('conversations.delete', { id })
    await sql`update conversation set deleted_at = now() - interval '31 days' where id = ${gone}`.execute(db)

    await purgeConversations(db, new AbortController().signal)

    const left = await db.selectFrom('conversation').select('id').execute()
    expect(new Set(left.map(({ id }) => id))).toEqual(new Set([recent, kept]))
    const counts = await sql<{ messages: number; turns: number; usage: number }>`
      select (select count(*)::int from message where conversation_id = ${gone}) as messages,
        (select count(*)::int from turn where conversation_id = ${gone}) as turns,
        (select count(*)::int from usage where conversation_id = ${gone}) as usage`.execute(db)
    expect(counts.rows).toEqual([{ messages: 0, turns: 0, usage: 1 }])
    expect(await alice.get('conversations.restore', { id: recent })).toMatchObject({ id: recent })
  })

  test('the server’s own jobs run on their schedule’s queue', { timeout: 60_000 }, async () => {
    await using app = await startTestApp({ database })
    const { db } = app.deps
    await sql`insert into process (id, lease_until) values (${randomUUID()}, now() - interval '2 hours')`.execute(db)
    await app.app.jobs.start()

    const { rows: schedules } = await sql<{ name: string; cron: string }>`select name, cron from jobs.schedule order by name`.execute(db)
    expect(schedules).toEqual([
      { name: 'expired', cron: '23 * * * *' },
      { name: 'files', cron: '*/5 * * * *' },
      { name: 'partitions', cron: '7 * * * *' },
      { name: 'purge', cron: '41 3 * * *' },
      { name: 'temporary', cron: '*/5 * * * *' },
      { name: 'tool-servers', cron: '* * * * *' },
      { name: 'visits', cron: '*/5 * * * *' },
    ])
  })
}
