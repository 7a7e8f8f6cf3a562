import { expect, test } from 'vitest'
import { useTestApp } from '../../../../test/support/test-app.ts'

const shared = useTestApp()

test('everybody has a workspace of their own, which nobody else sees', async () => {
  const [red, blue] = await shared.current.people('red', 'blue')
  expect(await red.get('workspaces.list')).toEqual([
    { id: red.workspaceId, name: 'Personal', kind: 'personal', createdAt: expect.any(String) },
  ])
  expect(await red.get('workspaces.rename', { workspaceId: red.workspaceId, name: ' Lab ' })).toMatchObject({ name: 'Lab' })

  const workspaceId = red.workspaceId
  expect(await blue.call('workspaces.rename', { workspaceId, name: 'Mine' })).toFailWith('workspace.not_found')
  expect(await blue.call('workspaces.getSettings', { workspaceId })).toFailWith('workspace.not_found')
  expect(await blue.call('workspaces.updateSettings', { workspaceId, temperature: 1 })).toFailWith('workspace.not_found')
  const nowhere = await blue.call('workspaces.getSettings', { workspaceId: crypto.randomUUID() })
  expect(nowhere).toFailWith('workspace.not_found')
  expect((await red.get('workspaces.list'))[0]!.name).toBe('Lab')
})

test('settings are kept one by one; null takes one back, and nothing was set is null', async () => {
  const [red] = await shared.current.people('red')
  const { workspaceId } = red
  const unset = {
    defaultModelId: null,
    systemPrompt: null,
    temperature: null,
    maxTokens: null,
    topP: null,
    frequencyPenalty: null,
    presencePenalty: null,
    trashAfterDays: null,
    purgeAfterDays: null,
    thinking: null,
  }
  expect(await red.get('workspaces.getSettings', { workspaceId })).toEqual(unset)
  await red.get('workspaces.updateSettings', { workspaceId, temperature: 0, systemPrompt: 'Be brief.' })
  const both = await red.get('workspaces.updateSettings', { workspaceId, maxTokens: 500 })
  expect(both).toEqual({ ...unset, temperature: 0, systemPrompt: 'Be brief.', maxTokens: 500 })
  expect(await red.get('workspaces.updateSettings', { workspaceId, temperature: null, systemPrompt: null, maxTokens: null })).toEqual(unset)
  const wrong = await red.call('workspaces.updateSettings', { workspaceId, temperature: 2.1, topP: -1, maxTokens: 0 })
  expect(wrong).toMatchObject({
    problem: { code: 'request.invalid', issues: [{ path: ['temperature'] }, { path: ['maxTokens'] }, { path: ['topP'] }] },
  })
})

test('a team is made by an administrator, run by whom it says, and only used by its members', async () => {
  const app = shared.current
  const admin = await app.admin()
  const [red, blue, green] = await app.people('red', 'blue', 'green')
  expect(await red.call('workspaces.create', { name: 'Team' })).toFailWith('auth.forbidden')
  const { id: workspaceId } = await admin.get('workspaces.create', { name: 'Team' })
  await app.addMember(workspaceId, red, 'Super User')
  await app.addMember(workspaceId, blue, 'User')

  expect((await blue.get('people.me')).workspaces).toMatchObject([{ kind: 'personal' }, { id: workspaceId, kind: 'team', role: 'User' }])
  expect(await red.call('workspaces.rename', { workspaceId, name: 'Lab' })).toSucceed()
  expect(await red.call('workspaces.updateSettings', { workspaceId, temperature: 1 })).toSucceed()
  expect(await blue.get('workspaces.getSettings', { workspaceId })).toMatchObject({ temperature: 1 })
  expect(await blue.call('workspaces.rename', { workspaceId, name: 'Ours' })).toFailWith('auth.forbidden')
  expect(await blue.call('workspaces.updateSettings', { workspaceId, temperature: 0 })).toFailWith('auth.forbidden')
  expect(await green.call('workspaces.getSettings', { workspaceId })).toFailWith('workspace.not_found')
})

test('the system workspace is nobody’s to see or change', async () => {
  const [red] = await shared.current.people('red')
  const workspaceId = '00000000-0000-7000-8000-000000000001'
  expect(await red.call('workspaces.getSettings', { workspaceId })).toFailWith('workspace.not_found')
  expect(await (await shared.current.admin()).call('workspaces.rename', { workspaceId, name: 'Mine' })).toFailWith('workspace.not_found')
})
