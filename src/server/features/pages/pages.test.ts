import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'

const shared = useTestApp()
let made = 0
const newSlug = (word: string) => `${word}-${++made}`

async function withPage(person: Person) {
  const slug = newSlug('page')
  const page = await person.get('pages.create', { workspaceId: person.workspaceId, slug, displayName: 'Ada Lovelace' })
  return { pageId: page.id, slug }
}

test('a page begins unpublished with its defaults, and a workspace has one at most', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  expect(await ada.get('pages.list')).toEqual([])
  const slug = newSlug('ada')
  const page = await ada.get('pages.create', { workspaceId: ada.workspaceId, slug: ` ${slug.toUpperCase()} `, displayName: ' Ada ' })
  expect(page).toMatchObject({ slug, displayName: 'Ada', isPublished: false, email: null, avatarUrl: null, bio: null, tagline: null })
  expect(page).toMatchObject({ socialLinks: [], theme: { preset: 'paper', accent: null, scheme: 'system' } })
  expect(page.may).toEqual({ update: true, share: true, delete: true })
  expect(await ada.get('pages.list')).toEqual([page])

  const second = await ada.call('pages.create', { workspaceId: ada.workspaceId, slug: newSlug('ada'), displayName: 'Ada' })
  expect(second).toFailWith('page.exists')
  expect(await bea.call('pages.create', { workspaceId: bea.workspaceId, slug, displayName: 'Bea' })).toFailWith('page.slug_taken')
  expect(await bea.get('pages.list')).toEqual([])
  const { db } = shared.current.deps
  const rows = await db.selectFrom('page').select(['id', 'workspace_id']).where('workspace_id', '=', ada.workspaceId).execute()
  expect(rows).toEqual([{ id: page.id, workspace_id: ada.workspaceId }])
})

test('every field is kept, one by one, and can be taken back', async () => {
  const [ada] = await shared.current.people('ada')
  const { pageId } = await withPage(ada)
  const fields = {
    displayName: 'Ada King',
    email: 'ada@example.org',
    avatarUrl: 'https://example.org/ada.png',
    bio: 'Counts.\n\nAnd writes.',
    tagline: 'Poetical science',
    socialLinks: [{ platform: 'mastodon', url: 'https://example.social/@ada' }],
    theme: { preset: 'dusk', accent: '#AA3366', scheme: 'dark' },
  } as const
  await ada.get('pages.update', { pageId, ...fields, socialLinks: [...fields.socialLinks] })
  expect(await ada.get('pages.get', { pageId })).toMatchObject({ ...fields, theme: { ...fields.theme, accent: '#aa3366' } })
  const changed = await ada.get('pages.get', { pageId })
  expect(Date.parse(changed.updatedAt)).toBeGreaterThan(Date.parse(changed.createdAt))
  const cleared = await ada.get('pages.update', { pageId, email: '', bio: ' ', tagline: null, avatarUrl: null, socialLinks: [] })
  expect(cleared).toMatchObject({ displayName: 'Ada King', email: null, bio: null, tagline: null, avatarUrl: null, socialLinks: [] })
})

test.each([
  ['ab', 'short'],
  ['a'.repeat(41), 'long'],
  ['a--b', 'two hyphens'],
  ['-ab', 'a hyphen first'],
  ['ab-', 'a hyphen last'],
  ['a_b', 'another sign'],
  ['über', 'another letter'],
  ['a/b', 'a slash'],
  ['admin', 'reserved'],
  ['api', 'reserved'],
  ['hooks', 'reserved'],
  ['vite', 'reserved'],
])('%s is no address: %s', async (slug) => {
  const [ada] = await shared.current.people('ada')
  const answer = await ada.call('pages.create', { workspaceId: ada.workspaceId, slug, displayName: 'Ada' })
  expect(answer).toMatchObject({ problem: { code: 'request.invalid', issues: [{ path: ['slug'] }] } })
})

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  '//example.org',
  '/relative',
  'example.org',
  `https://example.org/${'a'.repeat(2048)}`,
])('a link to %j is refused, wherever it stands', async (url) => {
  const [ada] = await shared.current.people('ada')
  const { pageId } = await withPage(ada)
  expect(await ada.call('pageLinks.create', { pageId, title: 'x', url })).toFailWith('request.invalid')
  expect(await ada.call('pages.update', { pageId, avatarUrl: url })).toFailWith('request.invalid')
  expect(await ada.call('pages.update', { pageId, socialLinks: [{ platform: 'website', url }] })).toFailWith('request.invalid')
  expect(await ada.get('pageLinks.list', { pageId })).toEqual([])
})

test('what is larger than a page has room for is refused', async () => {
  const [ada] = await shared.current.people('ada')
  const { pageId } = await withPage(ada)
  const much = (length: number) => 'x'.repeat(length)
  const tooMuch = { displayName: much(256), tagline: much(501), bio: much(4001), email: `${much(250)}@example.org` }
  for (const [name, value] of Object.entries(tooMuch))
    expect(await ada.call('pages.update', { pageId, [name]: value }), name).toMatchObject({ problem: { issues: [{ path: [name] }] } })
  expect(await ada.call('pageFaq.create', { pageId, question: much(501), answer: 'a' })).toFailWith('request.invalid')
  expect(await ada.call('pageFaq.create', { pageId, question: 'q', answer: much(8001) })).toFailWith('request.invalid')
  expect(await ada.call('pageLinks.create', { pageId, title: much(256), url: 'https://example.org' })).toFailWith('request.invalid')

  for (let number = 0; number < 100; number++) await ada.get('pageLinks.create', { pageId, title: `${number}`, url: 'https://example.org' })
  expect(await ada.call('pageLinks.create', { pageId, title: '100', url: 'https://example.org' })).toFailWith('page.too_many_links')
})

test('links and questions stand in the order somebody gave them', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  const { pageId } = await withPage(ada)
  const theirs = await withPage(bea)
  const foreign = await bea.get('pageLinks.create', { pageId: theirs.pageId, title: 'theirs', url: 'https://example.org' })
  const ids: string[] = []
  for (const title of ['one', 'two', 'three'])
    ids.push(
      (await ada.get('pageLinks.create', { pageId, title, url: 'https://example.org', icon: 'star', description: `No. ${title}` })).id,
    )
  const titles = async () => (await ada.get('pageLinks.list', { pageId })).map(({ title, sortOrder }) => `${sortOrder} ${title}`)
  expect(await titles()).toEqual(['0 one', '1 two', '2 three'])

  expect(await ada.get('pageLinks.reorder', { pageId, linkIds: [ids[2]!] })).toMatchObject([{ id: ids[2] }, { id: ids[0] }, { id: ids[1] }])
  expect(await ada.call('pageLinks.reorder', { pageId, linkIds: [ids[0]!, foreign.id] })).toFailWith('page-link.not_found')
  expect(await ada.call('pageLinks.reorder', { pageId, linkIds: [ids[0]!, ids[0]!] })).toFailWith('request.invalid')
  expect(await titles()).toEqual(['0 three', '1 one', '2 two'])
  expect(await ada.call('pageLinks.update', { pageId, linkId: foreign.id, title: 'mine' })).toFailWith('page-link.not_found')
  await ada.get('pageLinks.update', { pageId, linkId: ids[0]!, title: 'first', isActive: false, icon: null })
  await ada.get('pageLinks.delete', { pageId, linkId: ids[1]! })
  expect(await ada.get('pageLinks.list', { pageId })).toMatchObject([
    { title: 'three', icon: 'star', isActive: true, clickCount: 0, description: 'No. three' },
    { title: 'first', icon: null, isActive: false, url: 'https://example.org/' },
  ])

  const asked: string[] = []
  for (const question of ['a', 'b'])
    asked.push((await ada.get('pageFaq.create', { pageId, question, answer: 'yes', category: 'Letters' })).id)
  await ada.get('pageFaq.reorder', { pageId, faqIds: asked.toReversed() })
  await ada.get('pageFaq.update', { pageId, faqId: asked[0]!, answer: 'no', category: '', isActive: false })
  expect(await ada.get('pageFaq.list', { pageId })).toMatchObject([
    { question: 'b', answer: 'yes', category: 'Letters', sortOrder: 0, isActive: true },
    { question: 'a', answer: 'no', category: null, sortOrder: 1, isActive: false },
  ])
  await ada.get('pageFaq.delete', { pageId, faqId: asked[0]! })
  expect(await ada.get('pageFaq.list', { pageId })).toHaveLength(1)
})

test('a page role gives what it says on that page, and nothing anywhere else', async () => {
  const app = shared.current
  const [ada, helper, bea] = await app.people('ada', 'helper', 'bea')
  const { pageId } = await withPage(ada)
  const other = await withPage(bea)
  const attempts = async () => ({
    read: (await helper.call('pages.get', { pageId })).ok,
    preview: (await helper.call('pages.preview', { pageId, displayName: 'x' })).ok,
    change: (await helper.call('pages.update', { pageId, tagline: 'x' })).ok,
    addLink: (await helper.call('pageLinks.create', { pageId, title: 'x', url: 'https://example.org' })).ok,
    publish: (await helper.call('pages.update', { pageId, tagline: 'x', isPublished: true })).ok,
    move: (await helper.call('pages.update', { pageId, slug: newSlug('moved') })).ok,
    roles: (await helper.call('pageRoles.list', { pageId })).ok,
    delete: (await helper.call('pages.delete', { pageId })).ok,
  })
  const nothing = { read: false, preview: false, change: false, addLink: false, publish: false, move: false, roles: false, delete: false }
  expect(await attempts()).toEqual(nothing)
  expect(await helper.call('pages.get', { pageId })).toFailWith('page.not_found')

  const grant = (role: 'page viewer' | 'page editor' | 'page admin') => ada.get('pageRoles.grant', { pageId, email: helper.email, role })
  await grant('page viewer')
  expect(await attempts()).toEqual({ ...nothing, read: true, preview: true })
  expect(await helper.call('pages.update', { pageId, tagline: 'x' })).toFailWith('auth.forbidden')
  expect((await helper.get('pages.list')).map(({ id, may }) => ({ id, may }))).toEqual([
    { id: pageId, may: { update: false, share: false, delete: false } },
  ])
  expect((await helper.get('people.me')).access.pages).toEqual({ [pageId]: ['page:read'] })
  await grant('page editor')
  expect(await attempts()).toEqual({ ...nothing, read: true, preview: true, change: true, addLink: true })
  expect(await grant('page admin')).toMatchObject({ userId: helper.id, name: 'helper', email: helper.email, role: 'page admin' })
  expect(await attempts()).toEqual({
    ...nothing,
    read: true,
    preview: true,
    change: true,
    addLink: true,
    publish: true,
    move: true,
    roles: true,
  })
  expect(await ada.get('pageRoles.list', { pageId })).toHaveLength(1)

  expect(await helper.call('pages.get', { pageId: other.pageId })).toFailWith('page.not_found')
  expect(await helper.call('workspaces.getSettings', { workspaceId: ada.workspaceId })).toFailWith('workspace.not_found')
  expect(await ada.call('pageRoles.grant', { pageId, email: 'nobody@example.org', role: 'page viewer' })).toFailWith('user.not_found')
  await ada.get('pageRoles.revoke', { pageId, userId: helper.id })
  expect(await attempts()).toEqual(nothing)
  expect(await ada.call('pageRoles.revoke', { pageId, userId: helper.id })).toFailWith('user.not_found')
})

test('a member of a workspace sees its page only where the role says so', async () => {
  const app = shared.current
  const admin = await app.admin()
  const [lead, member] = await app.people('lead', 'member')
  const { id: workspaceId } = await admin.get('workspaces.create', { name: 'Team' })
  await app.addMember(workspaceId, lead, 'Super User')
  await app.addMember(workspaceId, member, 'User')
  const { id: pageId } = await lead.get('pages.create', { workspaceId, slug: newSlug('team'), displayName: 'Team' })
  expect((await lead.get('pages.list')).map(({ id }) => id)).toEqual([pageId])
  expect(await member.get('pages.list')).toEqual([])
  expect(await member.call('pages.get', { pageId })).toFailWith('auth.forbidden')
})

test('a deleted page takes everything with it, and its address is free', async () => {
  const [ada, helper, bea] = await shared.current.people('ada', 'helper', 'bea')
  const { pageId, slug } = await withPage(ada)
  await ada.get('pageLinks.create', { pageId, title: 'x', url: 'https://example.org' })
  await ada.get('pageRoles.grant', { pageId, email: helper.email, role: 'page editor' })
  await ada.get('pages.delete', { pageId })
  expect(await ada.call('pages.get', { pageId })).toFailWith('page.not_found')
  expect((await helper.get('people.me')).access.pages).toEqual({})
  expect(await bea.call('pages.create', { workspaceId: bea.workspaceId, slug, displayName: 'Bea' })).toSucceed()
})
