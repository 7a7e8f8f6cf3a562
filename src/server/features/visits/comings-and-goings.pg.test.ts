import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { useTestApp } from '../../../../test/support/test-app.ts'
import { eventually, scripted } from '../../../../test/support/turn-client.ts'
import { addBotPage, admit, VisitClient } from '../../../../test/support/visit-client.ts'
import { newId } from '../../platform/ids.ts'
import { insertVisit, lockVisitor } from './store.ts'

// What goes away while strangers write.

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({
  database: 'postgres',
  env: { EGRESS_ALLOW: '127.0.0.1', OPENAI_API_KEY: 'sk-visits-0000', OPENAI_BASE_URL: provider.baseUrl('openai') },
})

test('a page that is deleted while somebody begins a visit waits for them; neither is refused by the other', async () => {
  const { url, people, deps } = shared.current
  const [owner] = await people('owner')
  const { slug, pageId } = await addBotPage(owner)
  await admit(url, slug)
  const { rows } = await sql<{ id: string }>`select id from visitor where page_id = ${pageId}`.execute(deps.db)
  const visitorId = rows[0]!.id

  const { deleted } = await deps.db.transaction().execute(async (tx) => {
    expect(await lockVisitor(tx, { visitorId, pageId })).toBe(true)
    const deleted = owner.call('pages.delete', { pageId })
    await eventually(
      async () => (await sql<{ n: number }>`select count(*)::int as n from pg_locks where not granted`.execute(deps.db)).rows[0]!.n,
      (n) => n > 0,
    )
    await insertVisit(tx, { conversationId: newId(), workspaceId: owner.workspaceId, pageId, visitorId, source: 'page' })
    return { deleted }
  })
  expect(await deleted).toMatchObject({ ok: true })
})

test('a visit that ends while something is being said leaves no answer that goes on', async () => {
  const { url, people, deps } = shared.current
  const [owner] = await people('owner')
  const { slug } = await addBotPage(owner, { visitorDailyLimit: 500 })
  const letIn = await admit(url, slug)
  await using one = await VisitClient.open(url, slug, letIn)
  await using other = await VisitClient.open(url, slug, letIn)
  for (let round = 0; round < 12; round++) {
    const said = one.say(scripted({ text: 'word '.repeat(200), delayMs: 200 }))
    await new Promise((resolve) => setTimeout(resolve, round * 2))
    await Promise.all([said, other.ask({ type: 'end' })])
    const last = await other.ask({ type: 'end' })
    expect(last).toMatchObject({ type: 'ok' })
  }
  const left = await eventually(
    async () =>
      (
        await sql<{ n: number }>`
          select count(*)::int as n from turn t join visit v on v.conversation_id = t.conversation_id
          where not v.is_active and t.state in ('queued', 'running')`.execute(deps.db)
      ).rows[0]!.n,
    (n) => n === 0,
  )
  expect(left).toBe(0)
}, 60_000)

test('whatever goes with a page or a visitor is found by an index', async () => {
  const { rows } = await sql<{ reference: string }>`
    select c.conrelid::regclass || '.' || a.attname as reference from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.confrelid in ('page'::regclass, 'visitor'::regclass)
      and not exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1] and i.indpred is null)
  `.execute(shared.current.deps.db)
  expect(rows).toEqual([])
})
