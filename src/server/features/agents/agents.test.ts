import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { newId } from '../../platform/ids.ts'
import { purgeAgents } from './index.ts'

const shared = useTestApp()

const create = (person: Person, rest: object = {}, workspaceId = person.workspaceId) =>
  person.get('agents.create', { workspaceId, name: 'Tides', ...rest })
const names = async (person: Person, workspaceId: string, rest: object = {}) =>
  (await person.get('agents.list', { workspaceId, ...rest })).agents.map(({ name }) => name)

test('an agent is kept as it was made, and each change of what it is made of is a version', async () => {
  const [ada] = await shared.current.people('ada')
  const made = await create(ada, {
    description: 'Knows the sea.',
    icon: '🌊',
    color: 'blue',
    instructions: 'You know tides.',
    parameters: { temperature: 0.25, topK: 40 },
    tools: ['calculate'],
    starters: ['When is low tide?'],
    maxSteps: 5,
    note: 'first',
  })
  expect(made).toMatchObject({
    name: 'Tides',
    icon: '🌊',
    color: 'blue',
    visibility: 'own',
    isMine: true,
    mayEdit: true,
    version: 1,
    ownerName: 'ada',
  })
  expect(made.current).toMatchObject({
    number: 1,
    instructions: 'You know tides.',
    prompt: null,
    parameters: { temperature: 0.25, topK: 40, maxTokens: null, topP: null, thinking: null },
    tools: ['calculate'],
    starters: ['When is low tide?'],
    maxSteps: 5,
    note: 'first',
    createdByName: 'ada',
  })
  const { id } = made
  expect(await ada.get('agents.get', { id })).toEqual(made)

  expect(await ada.get('agents.update', { id, name: 'Tide tables' })).toMatchObject({ name: 'Tide tables', version: 1 })
  expect(await ada.get('agents.update', { id, parameters: { temperature: 0.25 }, tools: ['calculate'] })).toMatchObject({ version: 1 })
  const second = await ada.get('agents.update', { id, parameters: { temperature: null }, tools: null, maxSteps: null, baseVersion: 1 })
  expect(second).toMatchObject({ version: 2, current: { tools: null, maxSteps: null, note: null, instructions: 'You know tides.' } })
  expect(second.current.parameters).toMatchObject({ temperature: null, topK: 40 })

  const back = await ada.get('agents.restoreVersion', { id, number: 1 })
  expect(back.version).toBe(3)
  expect(back.current).toMatchObject({ ...made.current, number: 3, note: 'Version 1 again', createdAt: back.current.createdAt })
  const { versions, hasMore } = await ada.get('agents.versions', { id, limit: 2 })
  expect([versions.map(({ number }) => number), hasMore]).toEqual([[3, 2], true])
  expect((await ada.get('agents.versions', { id, before: 2 })).versions).toEqual([made.current])
  expect(await ada.call('agents.restoreVersion', { id, number: 9 })).toFailWith('agent.not_found')
})

test('the second of two who save is told, and loses nothing', async () => {
  const [ada] = await shared.current.people('ada')
  const { id } = await create(ada)
  const answers = await Promise.all([1, 2, 3].map((at) => ada.call('agents.update', { id, instructions: `text ${at}`, baseVersion: 1 })))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  for (const answer of answers.filter(({ status }) => status !== 200)) expect(answer).toFailWith('agent.changed_meanwhile')
  expect((await ada.get('agents.versions', { id })).versions.map(({ number }) => number)).toEqual([2, 1])
  expect(await ada.call('agents.restoreVersion', { id, number: 1, baseVersion: 1 })).toFailWith('agent.changed_meanwhile')
})

test('a pinned version of a prompt stays as it is, with values for its variables', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  const prompt = await ada.get('prompts.create', {
    workspaceId: ada.workspaceId,
    name: 'Explain',
    content: 'Explain {{topic}} to {{who = a child}} on {{date}}.',
  })
  const pin = { id: prompt.id, number: 1 }
  expect(await ada.call('agents.create', { workspaceId: ada.workspaceId, name: 'x', prompt: pin })).toFailWith('agent.values_missing')

  const { id, current } = await create(ada, { prompt: pin, values: { topic: 'tides', other: 'not there' } })
  expect(current).toMatchObject({
    prompt: { id: prompt.id, name: 'Explain', number: 1 },
    values: { topic: 'tides' },
    instructions: prompt.content,
  })
  // It is used now: another text is another version, and the agent reads what it read.
  expect(await ada.get('prompts.update', { id: prompt.id, content: 'Explain nothing.' })).toMatchObject({ version: 2 })
  await ada.get('prompts.delete', { id: prompt.id })
  expect((await ada.get('agents.get', { id })).current).toMatchObject({ prompt: null, instructions: prompt.content })

  const own = await ada.get('prompts.create', { workspaceId: ada.workspaceId, name: 'Mine', content: 'Mine.' })
  const pinned = await ada.get('agents.update', { id, prompt: { id: own.id, number: 1 } })
  expect(pinned.current).toMatchObject({ instructions: 'Mine.', values: {}, prompt: { name: 'Mine' } })
  expect((await ada.get('agents.update', { id, starters: ['Hello'] })).current.prompt).toMatchObject({ name: 'Mine' })
  expect((await ada.get('agents.update', { id, instructions: 'Mine, changed.' })).current).toMatchObject({ prompt: null })
  expect(await bea.call('agents.create', { workspaceId: bea.workspaceId, name: 'x', prompt: { id: own.id, number: 1 } })).toFailWith(
    'prompt.not_found',
  )
})

test('what its editor may not use is refused', async () => {
  const [ada] = await shared.current.people('ada')
  const { id } = await create(ada)
  const unknown = '00000000-0000-7000-8000-00000000ffff'
  expect(await ada.call('agents.update', { id, modelId: unknown })).toFailWith('model.not_found')
  expect(await ada.call('agents.update', { id, connectionId: unknown })).toFailWith('connection.not_found')
  expect(await ada.call('agents.update', { id, tools: ['calculate', 'rm_rf'] })).toFailWith('agent.tool_unknown')
  expect((await ada.get('agents.get', { id })).version).toBe(1)
  const tools = await ada.get('agents.listTools', { workspaceId: ada.workspaceId })
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['calculate', 'fetch_page']))
  for (const bad of [
    { icon: 'ab' },
    { icon: '' },
    { color: 'pink' as never },
    { maxSteps: 0 },
    { maxSteps: 101 },
    { starters: [' '] },
    { parameters: { topK: 0 } },
  ])
    expect(await ada.call('agents.update', { id, ...bad })).toFailWith('request.invalid')
  // Those that are there in private conversations only can be named all the same.
  const personal = ['recall', 'remember', 'forget']
  expect((await ada.get('agents.update', { id, tools: ['calculate', ...personal] })).current.tools).toEqual(['calculate', ...personal])
})

test('an agent is shared with everybody of a workspace or by role, and only who may changes it', async () => {
  const [ada, bea, cid, eve] = await shared.current.people('ada', 'bea', 'cid', 'eve')
  const { workspaceId } = ada
  await shared.current.addMember(workspaceId, bea, 'User')
  await shared.current.addMember(workspaceId, cid, 'User')
  const { id } = await create(ada)
  expect(await bea.call('agents.get', { id })).toFailWith('agent.not_found')
  expect(await names(bea, workspaceId)).toEqual([])

  expect(await ada.get('agentRoles.grant', { id, email: bea.email, role: 'agent user' })).toMatchObject({
    userId: bea.id,
    role: 'agent user',
  })
  expect(await bea.get('agents.get', { id })).toMatchObject({ isMine: false, mayEdit: false, ownerName: 'ada' })
  expect(await names(bea, workspaceId)).toEqual(['Tides'])
  for (const call of ['agents.delete', 'agents.restore', 'agents.usage', 'agentRoles.list'] as const)
    expect(await bea.call(call, { id })).toFailWith('agent.not_found')
  expect(await bea.call('agents.update', { id, name: 'Hers' })).toFailWith('agent.not_found')
  expect(await bea.call('agents.restoreVersion', { id, number: 1 })).toFailWith('agent.not_found')
  expect(await bea.call('agentRoles.grant', { id, email: cid.email, role: 'agent admin' })).toFailWith('agent.not_found')
  expect(await cid.call('agents.get', { id })).toFailWith('agent.not_found')
  expect(await ada.call('agentRoles.grant', { id, email: eve.email, role: 'agent user' })).toFailWith('user.not_found')

  await ada.get('agentRoles.grant', { id, email: bea.email, role: 'agent admin' })
  expect(await bea.get('agents.update', { id, instructions: 'By bea.' })).toMatchObject({
    version: 2,
    mayEdit: true,
    current: { createdByName: 'bea' },
  })
  expect((await bea.get('agentRoles.list', { id })).map(({ name, role }) => [name, role])).toEqual([['bea', 'agent admin']])
  await ada.get('agentRoles.revoke', { id, userId: bea.id })
  expect(await bea.call('agents.get', { id })).toFailWith('agent.not_found')
  expect(await ada.call('agentRoles.revoke', { id, userId: bea.id })).toFailWith('user.not_found')

  const copied = await create(cid, { name: 'Everybody’s', visibility: 'workspace' }, workspaceId)
  expect(await names(bea, workspaceId)).toEqual(['Everybody’s'])
  expect(await bea.call('agents.update', { id: copied.id, name: 'x' })).toFailWith('agent.not_found')
  // Who runs the workspace looks after what is everybody's there.
  expect(await ada.get('agents.update', { id: copied.id, description: 'Looked after.' })).toMatchObject({ mayEdit: true, isMine: false })
  const mine = await bea.get('agents.duplicate', { id: copied.id, name: 'Mine' })
  expect(mine).toMatchObject({ name: 'Mine', isMine: true, visibility: 'own', version: 1, description: 'Looked after.' })
  expect(await eve.call('agents.list', { workspaceId })).toFailWith('workspace.not_found')
  expect(await eve.call('agents.get', { id: copied.id })).toFailWith('agent.not_found')

  const told = await shared.current.deps.db
    .selectFrom('user_event')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('stream_id', '=', bea.id)
    .where(sql<boolean>`event ->> 'type' = 'agents-changed'`)
    .executeTakeFirstOrThrow()
  expect(told.count).toBeGreaterThanOrEqual(5)
})

test('the list is searched and read page by page', async () => {
  const [ada] = await shared.current.people('ada')
  for (const name of ['One', 'Two', 'Three']) await create(ada, { name, description: name === 'Two' ? '100% tides' : '' })
  expect(await names(ada, ada.workspaceId)).toEqual(['Three', 'Two', 'One'])
  expect(await names(ada, ada.workspaceId, { search: '0% TIDES' })).toEqual(['Two'])
  const page = await ada.get('agents.list', { workspaceId: ada.workspaceId, limit: 2 })
  expect(page.agents[0]).not.toHaveProperty('current')
  expect(await names(ada, ada.workspaceId, { limit: 2, cursor: page.nextCursor! })).toEqual(['One'])
  expect(await ada.call('agents.list', { workspaceId: ada.workspaceId, cursor: 'nonsense' })).toFailWith('request.invalid')
})

test('a deleted agent is gone, comes back with its versions, and goes for good after 30 days', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  await shared.current.addMember(ada.workspaceId, bea, 'User')
  const { id } = await create(ada)
  await ada.get('agentRoles.grant', { id, email: bea.email, role: 'agent user' })
  await ada.get('agents.update', { id, instructions: 'two' })
  await ada.get('agents.delete', { id })
  expect(await names(ada, ada.workspaceId)).toEqual([])
  for (const call of ['agents.get', 'agents.delete', 'agents.versions'] as const)
    expect(await ada.call(call, { id })).toFailWith('agent.not_found')
  expect(await ada.get('agents.restore', { id })).toMatchObject({ id, version: 2 })

  await ada.get('agents.delete', { id })
  const { db } = shared.current.deps
  const age = (days: number) =>
    db
      .updateTable('agent')
      .set({ deleted_at: sql`now() - make_interval(days => ${days})` })
      .where('id', '=', id)
      .execute()
  await age(29)
  await purgeAgents(db)
  expect(await ada.get('agents.restore', { id })).toMatchObject({ version: 2 })
  const word = { workspace_id: ada.workspaceId, agent_id: id, tool_name: 'calculate', decision: 'allow' as const, decided_by: ada.id }
  await db
    .insertInto('tool_permission')
    .values({ ...word, id: newId(), conversation_id: null })
    .execute()
  await age(31)
  await purgeAgents(db)
  expect(await ada.call('agents.restore', { id })).toFailWith('agent.not_found')
  expect(await db.selectFrom('tool_permission').select('id').where('agent_id', '=', id).execute()).toEqual([])
  expect(await db.selectFrom('agent_version').select('id').where('agent_id', '=', id).execute()).toEqual([])
  expect(await db.selectFrom('role_grant').select('role_id').where('scope_id', '=', id).execute()).toEqual([])
})
