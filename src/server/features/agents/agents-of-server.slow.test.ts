import { expect, test } from 'vitest'
import { useConversationApp } from '../../../../test/support/conversation-app.ts'
import { png } from '../../../../test/support/picture-server.ts'
import { allEvents, messagesOf, scripted, startTurn, textOf } from '../../../../test/support/turn-client.ts'
import { systemWorkspaceId } from '../../platform/auth/index.ts'

const { provider, shared } = await useConversationApp({ EGRESS_ALLOW: '127.0.0.1' })

test('an agent for everybody on the server answers in every workspace, is changed by administrators only, and counts where it is used', async () => {
  await shared.current.app.listing?.firstRound
  const admin = await shared.current.admin()
  const [red, blue] = await shared.current.people('red', 'blue')
  const global = { name: 'House guide', instructions: 'Be the guide.', visibility: 'server' as const }
  expect(await red.call('agents.create', { workspaceId: red.workspaceId, ...global })).toFailWith('auth.forbidden')
  const agent = await admin.get('agents.create', { workspaceId: admin.workspaceId, ...global })
  const { id } = agent
  expect(agent).toMatchObject({ visibility: 'server', mayEdit: true })

  const { agents } = await red.get('agents.list', { workspaceId: red.workspaceId })
  expect(agents).toMatchObject([{ id, name: 'House guide', mayEdit: false, isMine: false, visibility: 'server' }])
  const { models } = await red.get('models.list', { workspaceId: red.workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  const conversation = await red.get('conversations.create', { workspaceId: red.workspaceId, agentId: id, modelId })
  await allEvents(await startTurn(red, conversation.id, { text: scripted({ text: 'Here I am.' }) }))
  expect(textOf((await messagesOf(red, conversation.id)).at(-1))).toBe('Here I am.')
  expect(JSON.stringify(provider.requests.at(-1)!.body)).toContain('Be the guide.')
  expect((await admin.get('agents.usage', { id })).total.turns).toBe(1)

  for (const answer of [
    await red.call('agents.update', { id, name: 'Mine now' }),
    await red.call('agents.delete', { id }),
    await red.call('agents.usage', { id }),
    await red.call('agentRoles.list', { id }),
  ])
    expect(answer).toFailWith('agent.not_found')
  const copy = await red.get('agents.duplicate', { id, workspaceId: red.workspaceId })
  expect(copy).toMatchObject({ workspaceId: red.workspaceId, visibility: 'own', isMine: true, current: { instructions: 'Be the guide.' } })
  expect(await red.call('agents.duplicate', { id, workspaceId: blue.workspaceId })).toFailWith('workspace.not_found')

  // Taken back it is somebody's own: conversations stay, and say who is missing.
  await admin.get('agents.update', { id, visibility: 'own' })
  expect(await red.call('turns.start', { id: conversation.id, text: 'still there?' })).toFailWith('agent.not_available')
  expect((await blue.get('agents.list', { workspaceId: blue.workspaceId })).agents).toEqual([])
})

test('its model is one of whoever uses it, and what they do not have is said', async () => {
  const admin = await shared.current.admin()
  const [red] = await shared.current.people('red')
  const { workspaceId } = admin
  await admin.get('connections.create', { workspaceId, provider: 'anthropic', apiKey: 'sk-admin', baseUrl: provider.baseUrl('anthropic') })
  const { models } = await admin.get('models.list', { workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'claude-opus-4-5')!.id
  const { id } = await admin.get('agents.create', { workspaceId, name: 'Own model', modelId, visibility: 'server' })
  const conversation = await red.get('conversations.create', { workspaceId: red.workspaceId, agentId: id })
  expect(await red.call('turns.start', { id: conversation.id, text: 'hello' })).toFailWith('model.not_found')
  expect((await red.get('conversations.getSettings', { id: conversation.id })).problem).toMatchObject({ code: 'model.not_found' })
})

test('what is shared already becomes the server’s with all its versions', async () => {
  const admin = await shared.current.admin()
  const [red] = await shared.current.people('red')
  const { id } = await admin.get('agents.create', { workspaceId: admin.workspaceId, name: 'First', instructions: 'One.' })
  await admin.get('agents.update', { id, instructions: 'Two.' })
  await admin.get('agents.setPicture', { id, base64: png(8, 8).toString('base64') })
  for (const call of ['agents.get', 'agents.picture'] as const) expect(await red.call(call, { id })).toFailWith('agent.not_found')
  expect(await admin.get('agents.update', { id, visibility: 'server' })).toMatchObject({ visibility: 'server', version: 2 })
  expect((await red.get('agents.versions', { id })).versions).toHaveLength(2)
  const { pictureUrl } = await red.get('agents.get', { id })
  expect((await red.fetch(pictureUrl!)).status).toBe(200)
  const picture = shared.current.deps.db.selectFrom('agent_picture').select('workspace_id').where('agent_id', '=', id)
  expect((await picture.executeTakeFirstOrThrow()).workspace_id).toBe(systemWorkspaceId)
  expect(await admin.get('agents.update', { id, description: 'For all.' })).toMatchObject({ description: 'For all.', visibility: 'server' })
})
