import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { newId } from '../../platform/ids.ts'

const shared = useTestApp()

async function pageOf(person: Person): Promise<string> {
  return (await person.get('pages.create', { workspaceId: person.workspaceId, slug: newId(), displayName: 'Ada' })).id
}

test('a page has a bot from its beginning, which says nothing until it is switched on', async () => {
  const [ada] = await shared.current.people('ada')
  const pageId = await pageOf(ada)
  const { updatedAt: _, ...bot } = await ada.get('bots.get', { pageId })
  expect(bot).toEqual({
    pageId,
    isEnabled: false,
    greeting: 'Hello! How can I help?',
    agentId: null,
    enabledTools: ['links', 'faq'],
    quickActions: [],
    visitorDailyLimit: 30,
    dailyLimit: 500,
    visitMinutes: 30,
    allowedOrigins: [],
    answersToday: 0,
  })
})

test('what is changed stays, and the rest as it was', async () => {
  const [ada] = await shared.current.people('ada')
  const pageId = await pageOf(ada)
  const { id: agentId } = await ada.get('agents.create', {
    workspaceId: ada.workspaceId,
    name: 'Sailor',
    instructions: 'Speak like a sailor.',
  })
  const before = await ada.get('bots.get', { pageId })
  const changes = {
    isEnabled: true,
    greeting: 'Ahoy!',
    agentId,
    enabledTools: ['faq' as const],
    quickActions: [
      { kind: 'tool' as const, label: 'Answers', tool: 'faq' as const },
      { kind: 'question' as const, label: 'Ship?', text: 'Which ship is yours?' },
    ],
    visitorDailyLimit: 3,
    dailyLimit: 40,
    visitMinutes: 10,
    allowedOrigins: ['https://Shop.example/', 'https://shop.example', 'http://localhost:8080'],
  }
  const changed = await ada.get('bots.update', { pageId, ...changes })
  expect(changed).toMatchObject({ ...changes, allowedOrigins: ['https://shop.example', 'http://localhost:8080'] })
  expect(changed.updatedAt >= before.updatedAt).toBe(true)
  expect(await ada.get('bots.update', { pageId, greeting: 'Ahoi!' })).toMatchObject({
    ...changed,
    greeting: 'Ahoi!',
    updatedAt: expect.any(String),
  })
  expect(await ada.get('bots.update', { pageId, agentId: null })).toMatchObject({ agentId: null })
})

test.each<[what: string, change: Record<string, unknown>]>([
  ['no greeting', { greeting: '  ' }],
  ['a tool that pages do not have', { enabledTools: ['fetch_page'] }],
  ['too many buttons', { quickActions: Array.from({ length: 7 }, () => ({ kind: 'tool', label: 'x', tool: 'faq' })) }],
  ['a button that does nothing', { quickActions: [{ kind: 'question', label: 'x', text: '' }] }],
  ['a site with a path', { allowedOrigins: ['https://shop.example/a'] }],
  ['a site that is none', { allowedOrigins: ['javascript:alert(1)'] }],
  ['every site', { allowedOrigins: ['*'] }],
  ['a limit below none', { dailyLimit: -1 }],
])('%s is refused', async (_, change) => {
  const [ada] = await shared.current.people('ada')
  expect(await ada.call('bots.update', { pageId: await pageOf(ada), ...change })).toFailWith('request.invalid')
})

test('who edits a page may say what its bot says, not what it may cost nor where it is shown; who reads it changes nothing', async () => {
  const [ada, editor, viewer] = await shared.current.people('ada', 'editor', 'viewer')
  const pageId = await pageOf(ada)
  await ada.get('pageRoles.grant', { pageId, email: editor.email, role: 'page editor' })
  await ada.get('pageRoles.grant', { pageId, email: viewer.email, role: 'page viewer' })

  await editor.get('bots.update', { pageId, greeting: 'Hi', enabledTools: [] })
  const { id: agentId } = await ada.get('agents.create', { workspaceId: ada.workspaceId, name: 'Hers', visibility: 'workspace' })
  expect(await editor.call('bots.update', { pageId, agentId })).toFailWith('agent.not_found')
  for (const change of [{ isEnabled: true }, { dailyLimit: 9 }, { visitorDailyLimit: 9 }, { allowedOrigins: ['https://shop.example'] }])
    expect(await editor.call('bots.update', { pageId, ...change }), JSON.stringify(change)).toFailWith('auth.forbidden')
  expect(await viewer.get('bots.get', { pageId })).toMatchObject({ greeting: 'Hi', isEnabled: false })
  expect(await viewer.call('bots.update', { pageId, greeting: 'Mine' })).toFailWith('auth.forbidden')
  expect(await viewer.get('bots.listUnanswered', { pageId })).toEqual([])
})
