import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { startTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, eventually, messagesOf, startTurn, textOf } from '../../../../test/support/turn-client.ts'

// Two tabs, at two processes, that change one conversation in the same moment.

test('edits, tries, switches and deletions at once: everything that was taken is there once, and the shown path is whole', async () => {
  await using one = await startTestApp({ database: 'postgres' })
  await using two = await one.another()
  const { db } = one.deps
  const [alice] = await one.people('alice')
  const { secret } = await alice.get('people.createApiKey', { name: 'Two tabs', scopes: ['*'] })
  const tabs = [one.withKey(secret), two.withKey(secret)] as const
  const { id } = await alice.get('conversations.create', { workspaceId: alice.workspaceId, title: 'Two tabs' })
  await allEvents(await startTurn(alice, id, { text: 'The first question' }))
  await allEvents(await startTurn(alice, id, { text: 'The second question' }))
  const [question, answer, second] = await messagesOf(alice, id)

  for (let round = 0; round < 4; round++) {
    const edits = tabs.flatMap((tab, index) =>
      Array.from({ length: 3 }, (_, n) => ({ tab, text: `Edit ${round}.${index}.${n}`, parentId: n === 0 ? null : answer!.id })),
    )
    await Promise.all([
      // Each is sent twice, as after a lost answer.
      ...edits.flatMap(({ tab, text, parentId }) => {
        const idempotencyKey = randomUUID()
        return [tab, tabs.find((other) => other !== tab)!].map((sender) => startTurn(sender, id, { text, parentId, idempotencyKey }))
      }),
      ...tabs.map((tab) => startTurn(tab, id, { tryAgain: question!.id })),
      ...tabs.map((tab, index) => tab.call('conversations.switchBranch', { id, messageId: index === 0 ? second!.id : answer!.id })),
      ...tabs.map((tab) => tab.call('conversations.deleteBranch', { id, messageId: second!.id })),
      ...tabs.map((tab) => tab.call('conversations.restoreBranch', { id, messageId: second!.id })),
    ]).then(async (answers) => {
      for (const answer of answers) if (answer instanceof Response) await answer.text()
    })
  }
  await eventually(
    () => alice.get('conversations.get', { id }),
    ({ isAnswering }) => !isAnswering,
  )

  const { rows } = await sql<{ text: string; said: number; answers: number }>`
    select m.parts -> 0 ->> 'text' as text, count(distinct m.id)::int as said, count(a.id)::int as answers
    from message m left join message a on a.parent_id = m.id and a.role = 'assistant'
    where m.conversation_id = ${id} and m.role = 'user' and m.parts -> 0 ->> 'text' like 'Edit%' group by 1
  `.execute(db)
  expect(rows.filter(({ said, answers }) => said !== 1 || answers !== 1)).toEqual([])
  expect(rows).toHaveLength(24)
  const { rows: tries } = await sql<{ n: number }>`select count(*)::int as n from message where parent_id = ${question!.id}`.execute(db)
  expect(tries[0]!.n).toBe(1 + 8)

  // Wherever the head came to stand: it is kept, and its path leads message by message to a beginning.
  const path = await messagesOf(alice, id)
  expect(path[0]!.parentId).toBeNull()
  expect(path.map(({ parentId }) => parentId).slice(1)).toEqual(path.map((message) => message.id).slice(0, -1))
  expect(path.map(({ depth }) => depth)).toEqual(path.map((_, index) => index))
  expect(path.map(textOf).every((text) => text !== '')).toBe(true)
}, 120_000)
