import { expect, test } from 'vitest'
import { useTestApp } from '../../../../test/support/test-app.ts'

const shared = useTestApp({ database: 'postgres' })

test('those who change and use a prompt at once leave no version that was used and then changed', async () => {
  const [ada] = await shared.current.people('ada')
  const { id } = await ada.get('prompts.create', { workspaceId: ada.workspaceId, name: 'Race', content: 'start' })
  const read: { version: number; content: string }[] = []
  await Promise.all([
    ...Array.from({ length: 12 }, (_, at) => ada.get('prompts.update', { id, content: `text ${at}` })),
    ...Array.from({ length: 12 }, async () => {
      const { version } = await ada.get('prompts.get', { id })
      await ada.get('prompts.use', { id, version })
      // Whatever it says from now on it says for good.
      const { content } = await contentOf(id, version)
      read.push({ version, content })
    }),
  ])
  for (const { version, content } of read) expect(await contentOf(id, version)).toEqual({ content })
  const { version } = await ada.get('prompts.get', { id })
  const rows = await shared.current.deps.db.selectFrom('prompt_version').select('number').where('prompt_id', '=', id).execute()
  expect(rows.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: version }, (_, at) => at + 1))
})

const contentOf = (id: string, number: number) =>
  shared.current.deps.db
    .selectFrom('prompt_version')
    .select('content')
    .where('prompt_id', '=', id)
    .where('number', '=', number)
    .executeTakeFirstOrThrow()
