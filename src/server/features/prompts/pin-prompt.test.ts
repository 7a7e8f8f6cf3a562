import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { pinPrompt } from './index.ts'

const shared = useTestApp()

const actorOf = (person: Person): Promise<Actor> =>
  shared.current.deps.door.authenticate({
    method: 'GET',
    isUpgrade: false,
    header: (name) => (name === 'cookie' ? person.cookie : undefined),
  })
const pin = async (person: Person, id: string, number: number) => {
  const actor = await actorOf(person)
  return shared.current.deps.db.transaction().execute((tx) => pinPrompt(tx, actor, { id, number }))
}

test('others refer to what they could read: of a shared prompt the versions that were shared', async () => {
  const [ada, bea, eve] = await shared.current.people('ada', 'bea', 'eve')
  await shared.current.addMember(ada.workspaceId, bea, 'User')
  const { id, versionId } = await ada.get('prompts.create', { workspaceId: ada.workspaceId, name: 'Pinned', content: 'secret' })
  const refused = { code: 'prompt.not_found' }
  await expect(pin(bea, id, 1)).rejects.toMatchObject(refused)
  expect(await pin(ada, id, 1)).toEqual({ versionId, content: 'secret' })

  await ada.get('prompts.update', { id, content: 'open', visibility: 'workspace' })
  expect(await pin(bea, id, 2)).toMatchObject({ content: 'open' })
  await ada.get('prompts.update', { id, content: 'newer' })
  expect(await pin(bea, id, 2)).toMatchObject({ content: 'open' })
  expect(await pin(bea, id, 3)).toMatchObject({ content: 'newer' })
  for (const [person, number] of [
    [bea, 1],
    [bea, 4],
    [eve, 2],
  ] as const)
    await expect(pin(person, id, number)).rejects.toMatchObject(refused)
})
