import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { getPinnedVersion, purgePrompts, usePromptVersion } from './index.ts'

const shared = useTestApp()

const actorOf = (person: Person): Promise<Actor> =>
  shared.current.deps.door.authenticate({
    method: 'GET',
    isUpgrade: false,
    header: (name) => (name === 'cookie' ? person.cookie : undefined),
  })
const create = (person: Person, content: string, rest: object = {}) =>
  person.get('prompts.create', { workspaceId: person.workspaceId, name: 'Pinned', content, ...rest })

test('a version that something names for good stays, whatever becomes of its prompt', async () => {
  const [ada] = await shared.current.people('ada')
  const { db } = shared.current.deps
  const { id, versionId } = await create(ada, 'Say {{what = hello}}.')
  const actor = await actorOf(ada)
  const pinned = await db.transaction().execute((tx) => usePromptVersion(tx, actor, versionId))
  expect(pinned).toMatchObject({ id: versionId, promptId: id, number: 1, name: 'Pinned', content: 'Say {{what = hello}}.' })

  const changed = await ada.get('prompts.update', { id, content: 'Say nothing.' })
  expect(changed).toMatchObject({ version: 2 })
  expect(changed.versionId).not.toBe(versionId)
  await ada.get('prompts.delete', { id })
  await db.updateTable('prompt').set({ deleted_at: sql`now() - interval '31 days'` }).where('id', '=', id).execute()
  await purgePrompts(db)
  expect(await getPinnedVersion(db, versionId)).toEqual(pinned)
  await expect(getPinnedVersion(db, changed.versionId)).rejects.toMatchObject({ code: 'prompt.not_found' })
})

test('others name what they could read: of a shared prompt the versions that were shared', async () => {
  const [ada, bea, eve] = await shared.current.people('ada', 'bea', 'eve')
  await shared.current.addMember(ada.workspaceId, bea, 'User')
  const pin = async (person: Person, id: string) => {
    const actor = await actorOf(person)
    return shared.current.deps.db.transaction().execute((tx) => usePromptVersion(tx, actor, id))
  }
  const secret = await create(ada, 'secret')
  await expect(pin(bea, secret.versionId)).rejects.toMatchObject({ code: 'prompt.not_found' })

  await pin(ada, secret.versionId)
  const open = await ada.get('prompts.update', { id: secret.id, content: 'open', visibility: 'workspace' })
  await pin(bea, open.versionId)
  await ada.get('prompts.update', { id: secret.id, content: 'newer' })
  expect(await pin(bea, open.versionId)).toMatchObject({ content: 'open', number: 2 })
  await expect(pin(bea, secret.versionId)).rejects.toMatchObject({ code: 'prompt.not_found' })
  await expect(pin(eve, open.versionId)).rejects.toMatchObject({ code: 'prompt.not_found' })
})
