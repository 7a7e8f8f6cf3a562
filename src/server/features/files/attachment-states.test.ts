import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { attach } from '../../../../test/support/attach.ts'
import { useTestApp } from '../../../../test/support/test-app.ts'
import { AttachmentStatus } from '../../../contract/attachments.ts'

const shared = useTestApp()

/** Which state may follow which: the reference for the trigger that guards them. */
const next: Record<AttachmentStatus, readonly AttachmentStatus[]> = {
  requested: ['planned', 'failed'],
  planned: ['uploading', 'failed'],
  uploading: ['stored', 'failed'],
  stored: ['scanning', 'failed'],
  scanning: ['ready', 'failed', 'quarantined'],
  ready: ['attached'],
  attached: [],
  failed: [],
  quarantined: [],
}

test('whoever writes it, a state follows only on those it can come from', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const { id } = await attach(ada, 'a.txt', 'abc')
  const { file_id, user_id } = await app.deps.db
    .selectFrom('attachment')
    .select(['file_id', 'user_id'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...AttachmentStatus.options), { minLength: 1, maxLength: 12 }), async (wanted) => {
      const [row] = (
        await sql<{ id: string; status: AttachmentStatus }>`
          insert into attachment (id, workspace_id, user_id, file_id, name) values (gen_random_uuid(), ${ada.workspaceId}, ${user_id}, ${file_id}, 'x') returning id, status
        `.execute(app.deps.db)
      ).rows
      let state = row!.status
      expect(state).toBe('requested')
      for (const status of wanted) {
        const change = sql`update attachment set status = ${status} where id = ${row!.id}`.execute(app.deps.db)
        if (status !== state && !next[state].includes(status)) await expect(change).rejects.toThrow(/cannot go from/)
        else {
          await change
          state = status
        }
      }
      const now = await app.deps.db.selectFrom('attachment').select('status').where('id', '=', row!.id).executeTakeFirstOrThrow()
      expect(now.status).toBe(state)
    }),
    { numRuns: 60 },
  )
})
