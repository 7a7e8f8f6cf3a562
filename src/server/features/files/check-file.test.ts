import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { attach } from '../../../../test/support/attach.ts'
import { pdf, png } from '../../../../test/support/sample-files.ts'
import { useTestApp } from '../../../../test/support/test-app.ts'
import { createInspector, type Inspector } from '../../platform/documents/index.ts'
import { checkFile } from './check-file.ts'

const shared = useTestApp()

test('however many files are checked at once, few are in memory', async () => {
  const { deps } = shared.current
  const [ada] = await shared.current.people('ada')
  for (let index = 0; index < 6; index++) await attach(ada, `${index}.pdf`, pdf([`Page ${index}`]))
  for (let index = 0; index < 6; index++) await attach(ada, `${index}.png`, png())
  const { rows } = await sql<{ id: string; file_id: string; key: string; claimed_mime: string; name: string; user_id: string }>`
    select t.id, t.file_id, f.key, t.claimed_mime, t.name, t.user_id from attachment t join file f on f.id = t.file_id`.execute(deps.db)
  const real = createInspector()
  let held = 0
  let most = 0
  const files: typeof deps.files = {
    ...deps.files,
    read(key) {
      most = Math.max(most, ++held)
      return deps.files.read(key)
    },
  }
  const inspector: Inspector = { ...real, inspect: (...args) => real.inspect(...args).finally(() => held--) }

  await Promise.all(rows.map((row) => checkFile({ ...deps, files, inspector }, row)))

  expect(rows).toHaveLength(12)
  expect(held).toBe(0)
  expect(most).toBeLessThanOrEqual(3)
  await real.close()
})

test('a check that is made once more and goes wrong takes nothing from a file that is ready', async () => {
  const { deps } = shared.current
  const [bea] = await shared.current.people('bea')
  const file = await attach(bea, 'a.pdf', pdf(['Words']))
  const { rows } = await sql<{ id: string; file_id: string; key: string; claimed_mime: string; name: string; user_id: string }>`
    select t.id, t.file_id, f.key, t.claimed_mime, t.name, t.user_id from attachment t join file f on f.id = t.file_id where t.id = ${file.id}`.execute(
    deps.db,
  )
  const inspector: Inspector = {
    inspect: () => Promise.resolve({ refused: 'damaged', isSuspicious: false }),
    close: () => Promise.resolve(),
  }

  await checkFile({ ...deps, inspector }, rows[0]!)

  expect((await bea.get('attachments.get', { id: file.id })).status).toBe('ready')
  expect((await bea.fetch(`/api/attachments/${file.id}/content`)).status).toBe(200)
})
