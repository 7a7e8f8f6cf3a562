import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attach } from '../../../../test/support/attach.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { png } from '../../../../test/support/sample-files.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, messagesOf, scripted, startTurn, textOf } from '../../../../test/support/turn-client.ts'
import { newId } from '../../platform/ids.ts'

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
beforeAll(() => shared.current.app.listing?.firstRound)

/** Somebody whose conversations are answered by the local provider, with a key and instructions of their own. */
async function someone(name: string): Promise<Person> {
  const [person] = await shared.current.people(name)
  const { workspaceId } = person
  const baseUrl = provider.baseUrl('compatible')
  await person.get('connections.create', {
    workspaceId,
    provider: 'openai-compatible',
    name: 'Secret account',
    apiKey: 'sk-secret-1234',
    baseUrl,
  })
  const { models } = await person.get('models.list', { workspaceId })
  const model = models.find((one) => one.provider === 'openai-compatible' && one.kind === 'chat')!
  await person.get('workspaces.updateSettings', { workspaceId, defaultModelId: model.id, systemPrompt: 'Never mention the merger.' })
  return person
}

async function say(person: Person, id: string, text: string, rest: object = {}): Promise<void> {
  await allEvents(await startTurn(person, id, { text, ...rest }))
}

async function conversation(person: Person, ...texts: string[]): Promise<string> {
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId, title: 'Harbours <b>' })
  for (const text of texts) await say(person, id, scripted({ text: `answer to ${text}` }, text))
  return id
}

/** As a stranger with a browser that runs no scripts. */
const read = (path: string) => fetch(shared.current.url + path, { redirect: 'manual' })
const textAt = async (path: string) => (await read(path)).text()

test('a stranger reads the words, and nothing of how they came about', async () => {
  const ada = await someone('ada')
  const { id } = await ada.get('conversations.create', { workspaceId: ada.workspaceId, title: 'Harbours <b>' })
  const answer = 'Low **tide**\n\n<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://tracker.example/p.png)'
  const script = {
    reasoning: 'A hidden thought.',
    toolRounds: [[{ name: 'calculate', arguments: { expression: '41 + 1' } }]],
    text: answer,
  }
  await say(ada, id, scripted(script, 'When does the water go? <i>'))
  const { path } = await ada.get('shares.create', { id })
  const response = await read(path)
  const html = await response.text()

  expect(response.status).toBe(200)
  expect(html).toContain('<h1>Harbours &lt;b&gt;</h1>')
  expect(html).toContain('When does the water go? &lt;i&gt;')
  expect(html).toContain('Low <strong>tide</strong>')
  expect(html).not.toMatch(/<script|<img|href="javascript/)
  const kept = ['A hidden thought', 'calculate', '41 + 1', 'merger', 'Secret account', 'sk-', ada.email, 'deepseek', id, ada.workspaceId]
  for (const secret of kept) expect(html.replace(/\[\[.*?\]\]/s, ''), secret).not.toContain(secret)

  expect(response.headers.get('set-cookie')).toBeNull()
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  const policy = response.headers.get('content-security-policy')!
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/script-src|unsafe|connect-src/)
})

test('files are shown with the link, reachable by nothing else, and gone with it', async () => {
  const ada = await someone('ada')
  const { id } = await ada.get('conversations.create', { workspaceId: ada.workspaceId, title: 'Harbours' })
  const send = async (text: string, ...files: string[]) => say(ada, id, scripted({ text: 'seen' }, text), { attachments: files })
  const [picture, notes, later] = [
    await attach(ada, 'sky <b>.png', png(30, 20), id),
    await attach(ada, 'page.html', '<script>alert(1)</script>', id),
    await attach(ada, 'later.txt', 'later', id),
  ]
  await send('look', picture.id, notes.id)
  const share = await ada.get('shares.create', { id })
  await send('more', later.id)
  const response = await read(share.path)
  const html = await response.text()
  const at = (attachmentId: string) => `${share.path}/files/${attachmentId}`
  expect(html).toContain(`<img src="${at(picture.id)}" alt="sky &lt;b&gt;.png" width="30" height="20" loading="lazy">`)
  expect(html).toContain(`<a href="${at(notes.id)}" rel="nofollow">page.html</a>`)
  expect(html).not.toContain('later')
  expect(response.headers.get('content-security-policy')).toContain("img-src data: 'self';")

  const shown = await read(at(picture.id))
  expect(Buffer.from(await shown.arrayBuffer())).toEqual(png(30, 20))
  expect(shown.headers.get('cache-control')).toBe('no-store')
  expect(shown.headers.get('x-robots-tag')).toBe('noindex, nofollow')
  const text = await read(at(notes.id))
  expect([text.headers.get('content-type'), text.headers.get('content-security-policy')]).toEqual([
    'text/plain; charset=utf-8',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
  ])

  const elsewhere = await ada.get('conversations.create', { workspaceId: ada.workspaceId })
  const other = await attach(ada, 'other.txt', 'other', elsewhere.id)
  const draft = await attach(ada, 'draft.txt', 'draft', id)
  const statusOf = async (path: string) => (await read(path)).status
  // Behind the end of the snapshot, in another conversation, in no message yet, no id at all, and without the link.
  for (const one of [later.id, other.id, draft.id, 'nonsense']) expect(await statusOf(at(one)), one).toBe(404)
  expect(await statusOf(`/s/${'x'.repeat(32)}/files/${picture.id}`)).toBe(404)
  expect(await statusOf(`/api/attachments/${picture.id}/content`)).toBe(401)
  const [eve] = await shared.current.people('eve')
  expect((await eve.fetch(`/api/attachments/${picture.id}/content`)).status).toBe(404)

  await ada.get('shares.update', { id: share.id, isLive: true })
  expect(await statusOf(at(later.id))).toBe(200)
  await ada.get('shares.revoke', { id: share.id })
  for (const one of [picture.id, notes.id, later.id]) expect(await statusOf(at(one)), one).toBe(404)
})

test('search engines are asked to stay away, unless they are wanted', async () => {
  const ada = await someone('ada')
  const { id, path } = await ada.get('shares.create', { id: await conversation(ada, 'one') })
  const first = await read(path)
  expect(first.headers.get('x-robots-tag')).toBe('noindex, nofollow')
  expect(await first.text()).toContain('<meta name="robots" content="noindex,nofollow">')
  expect(await ada.get('shares.update', { id, isIndexed: true })).toMatchObject({ isIndexed: true, isLive: false, path })
  const second = await read(path)
  expect(second.headers.get('x-robots-tag')).toBeNull()
  expect(await second.text()).not.toContain('noindex')
})

test('a snapshot stays as it was; a live link goes on, and neither ever shows another path', async () => {
  const ada = await someone('ada')
  const id = await conversation(ada, 'first', 'second')
  const [question, answer] = await messagesOf(ada, id)
  const frozen = await ada.get('shares.create', { id, messageId: answer!.id })
  const live = await ada.get('shares.create', { id, messageId: answer!.id, isLive: true })
  expect(await textAt(frozen.path)).not.toContain('answer to second')
  expect(await textAt(live.path)).toContain('answer to second')

  await say(ada, id, scripted({ text: 'answer to third' }, 'third'))
  expect(await textAt(frozen.path)).not.toContain('third')
  expect(await textAt(live.path)).toContain('answer to third')

  // Another version of the first question: another path, which was never given away.
  await say(ada, id, scripted({ text: 'answer to the edit' }, 'edited'), { parentId: null })
  for (const { path } of [frozen, live]) {
    const html = await textAt(path)
    expect(html).toContain('answer to first')
    expect(html).not.toMatch(/edit|second|third/)
  }
  await ada.get('conversations.switchBranch', { id, messageId: question!.id })
  expect(await textAt(live.path)).toContain('answer to third')
  expect(await ada.get('shares.update', { id: live.id, isLive: false })).toMatchObject({ isLive: false })
  expect(await textAt(live.path)).not.toContain('second')
})

test('a link that was revoked, or whose conversation or owner is gone, looks like one that never was', async () => {
  const ada = await someone('ada')
  const admin = await shared.current.admin()
  const id = await conversation(ada, 'one')
  const share = await ada.get('shares.create', { id })
  const other = await ada.get('shares.create', { id })
  const nothing = await read(`/s/${'a'.repeat(32)}`)
  const missing = { status: nothing.status, html: await nothing.text() }
  expect(missing.status).toBe(404)
  const isMissing = async (path: string) => {
    const response = await read(path)
    expect({ status: response.status, html: await response.text() }).toEqual(missing)
    expect(response.headers.get('x-robots-tag')).toBe('noindex, nofollow')
  }
  for (const odd of ['/s/short', '/s/%00', `${share.path}x`, `${share.path}?page=2`, `${share.path}?page=-1`, `${share.path}?page=x`])
    await isMissing(odd)

  await ada.get('shares.revoke', { id: share.id })
  await isMissing(share.path)
  expect(await ada.call('shares.revoke', { id: share.id })).toFailWith('share.not_found')
  const token = share.path.split('/').at(-1)!
  expect(await ada.call('shares.fork', { workspaceId: ada.workspaceId, token })).toFailWith('share.not_found')

  await ada.get('conversations.delete', { id })
  await isMissing(other.path)
  expect((await ada.get('shares.list', { workspaceId: ada.workspaceId })).shares).toEqual([])
  expect(await ada.call('shares.update', { id: other.id, isLive: true })).toFailWith('share.not_found')
  await ada.get('conversations.restore', { id })
  expect((await read(other.path)).status).toBe(200)
  await admin.get('people.updateUser', { id: ada.id, status: 'disabled' })
  await isMissing(other.path)
})

test('a token opens nothing else, and is nowhere in the database as it is', async () => {
  const ada = await someone('ada')
  const id = await conversation(ada, 'one')
  const { path } = await ada.get('shares.create', { id })
  const token = path.split('/').at(-1)!
  const stranger = shared.current.stranger()
  const [message] = await messagesOf(ada, id)
  for (const [name, input] of [
    ['conversations.get', { id }],
    ['conversations.messages', { id }],
    ['shares.listOfConversation', { id }],
    ['conversations.rateMessage', { id, messageId: message!.id, value: 'like' }],
  ] as const) {
    expect(await stranger.call(name, input as never)).toFailWith('auth.required')
    expect(await shared.current.withKey(token).call(name, input as never)).toFailWith('auth.key_invalid')
  }
  expect(await stranger.call('shares.fork', { workspaceId: ada.workspaceId, token })).toFailWith('auth.required')
  expect(await textAt(`${path}/messages`)).not.toContain('answer to one')

  const { rows } = await sql<{ row: string }>`select to_jsonb(share)::text as row from share`.execute(shared.current.deps.db)
  expect(rows.length).toBeGreaterThan(0)
  for (const { row } of rows) expect(row).not.toContain(token)
})

test('only the owner shares, and only what is in the conversation', async () => {
  const ada = await someone('ada')
  const [bea] = await shared.current.people('bea')
  const id = await conversation(ada, 'one')
  await shared.current.addMember(ada.workspaceId, bea, 'User')
  await shared.current.deps.db.updateTable('conversation').set({ visibility: 'workspace' }).where('id', '=', id).execute()
  // Whoever may read it may not give it away.
  expect((await messagesOf(bea, id)).length).toBe(2)
  expect(await bea.call('shares.create', { id })).toFailWith('conversation.not_found')
  const { id: shareId } = await ada.get('shares.create', { id })
  expect(await bea.get('shares.listOfConversation', { id })).toEqual([])
  expect(await bea.call('shares.revoke', { id: shareId })).toFailWith('share.not_found')

  const [foreign] = await messagesOf(ada, await conversation(ada, 'two'))
  expect(await ada.call('shares.create', { id, messageId: foreign!.id })).toFailWith('message.not_found')
  const empty = await ada.get('conversations.create', { workspaceId: ada.workspaceId })
  expect(await ada.call('shares.create', { id: empty.id })).toFailWith('message.not_found')
  for (let made = 1; made < 20; made++) await ada.get('shares.create', { id })
  expect(await ada.call('shares.create', { id })).toFailWith('share.too_many')

  const pages = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { shares: { id: string }[]; nextCursor: string | null } = await ada.get('shares.list', {
      workspaceId: ada.workspaceId,
      limit: 7,
      ...(cursor && { cursor }),
    })
    pages.push(page.shares.map((share) => share.id))
    cursor = page.nextCursor
  }
  expect(pages.map((page) => page.length)).toEqual([7, 7, 6])
  expect(new Set(pages.flat()).size).toBe(20)
})

test('a reader who is signed in makes it a conversation of their own, of words alone', async () => {
  const ada = await someone('ada')
  const [bea] = await shared.current.people('bea')
  const { id } = await ada.get('conversations.create', { workspaceId: ada.workspaceId, title: 'Sums' })
  await say(
    ada,
    id,
    scripted(
      { reasoning: 'Hidden.', toolRounds: [[{ name: 'calculate', arguments: { expression: '1' } }]], text: 'It is 1.' },
      'How many?',
    ),
  )
  const { path } = await ada.get('shares.create', { id })
  const token = path.split('/').at(-1)!

  const fork = await bea.get('shares.fork', { workspaceId: bea.workspaceId, token })
  expect(fork).toMatchObject({
    title: 'Sums',
    workspaceId: bea.workspaceId,
    modelId: null,
    connectionId: null,
    lastMessagePreview: 'It is 1.',
  })
  const messages = await messagesOf(bea, fork.id)
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant'])
  expect(messages.flatMap(({ parts }) => parts.map(({ type }) => type))).toEqual(['text', 'text'])
  expect(messages[1]!.answer).toBeNull()
  // It goes on like any other, and what it came from does not change.
  await say(bea, fork.id, 'and then?')
  expect((await messagesOf(bea, fork.id)).length).toBe(4)
  expect((await messagesOf(ada, id)).length).toBe(2)
  expect(await bea.call('shares.fork', { workspaceId: ada.workspaceId, token })).toFailWith('workspace.not_found')
})

/** A path that nobody could wait for. */
async function longConversation(person: Person, length: number): Promise<string> {
  const { db } = shared.current.deps
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId, title: 'Long' })
  const branch = newId()
  await sql`insert into branch (id, workspace_id, conversation_id, fork_depth) values (${branch}, ${person.workspaceId}, ${id}, 0)`.execute(
    db,
  )
  await sql`
    insert into message (id, workspace_id, conversation_id, parent_id, branch_id, depth, serial, author_id, role, parts)
    select gen_random_uuid(), ${person.workspaceId}, ${id}, null, ${branch}, n, n + 1, ${person.id}, case n % 2 when 0 then 'user' else 'assistant' end,
      jsonb_build_array(jsonb_build_object('type', 'text', 'step', 0, 'text', 'message number ' || n || '. ' || repeat('Some words. ', 60)))
    from generate_series(0, ${length - 1}::int) n`.execute(db)
  await sql`update conversation set head_id = (select id from message where conversation_id = ${id} and depth = ${length - 1}), next_serial = ${length + 1}
    where id = ${id}`.execute(db)
  return id
}

test('a very long conversation is read page by page, an ordinary one is small, and both can be forked', async () => {
  const [ada] = await shared.current.people('ada')
  const id = await longConversation(ada, 1205)
  const { path } = await ada.get('shares.create', { id })
  const first = await textAt(path)
  expect(Buffer.byteLength(first)).toBeLessThan(60 * 1024)
  expect(first).toContain('message number 0.')
  expect(first).not.toContain('message number 40.')
  expect(first).toContain(`href="${path}?page=2"`)
  expect(first).toContain('Page 1 of 31')
  const last = await textAt(`${path}?page=31`)
  expect(last).toContain('message number 1204.')
  expect(last).toContain(`href="${path}?page=30"`)
  expect(last).not.toContain('page=32')
  expect((await read(`${path}?page=32`)).status).toBe(404)

  const fork = await ada.get('shares.fork', { workspaceId: ada.workspaceId, token: path.split('/').at(-1)! })
  const { pathLength, messages } = await ada.get('conversations.messages', { id: fork.id, limit: 1 })
  expect(pathLength).toBe(1205)
  expect(textOf(messages[0])).toContain('message number 1204.')
})
