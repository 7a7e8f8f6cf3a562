import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attach, plan, put } from '../../../../test/support/attach.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { pdf, png, program } from '../../../../test/support/sample-files.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, messagesOf, scripted, startTurn, textOf } from '../../../../test/support/turn-client.ts'

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1', FILE_LIMIT: '1mb', FILES_PER_PERSON: '2mb' } })
beforeAll(() => shared.current.app.listing?.firstRound)

async function someone(): Promise<Person> {
  const [ada] = await shared.current.people('ada')
  return ada
}
const conversationOf = async (person: Person, modelId?: string) =>
  (await person.get('conversations.create', { workspaceId: person.workspaceId, ...(modelId && { modelId: modelId as never }) })).id

/** A conversation whose model is one of a provider's. */
async function conversationWith(person: Person, kind: 'openai' | 'anthropic' | 'google' | 'xai' | 'openai-compatible', name: string) {
  const { workspaceId } = person
  const baseUrl = provider.baseUrl(kind === 'openai-compatible' ? 'compatible' : kind)
  const connection = await person.get('connections.create', { workspaceId, provider: kind, apiKey: 'sk-1234', baseUrl })
  const { models } = await person.get('models.list', { workspaceId })
  return conversationOf(person, models.find((one) => one.connectionId === connection.id && one.internalName === name)!.id)
}

async function send(person: Person, id: string, text: string | undefined, attachments: string[], rest: object = {}) {
  const response = await startTurn(person, id, { ...(text !== undefined && { text }), attachments, ...rest })
  if (!response.ok) return (await response.json()) as { code: string }
  await allEvents(response)
  return (await messagesOf(person, id)).at(-1)!
}

test('a file is planned, uploaded, checked and attached, and comes back byte for byte', async () => {
  const ada = await someone()
  const bytes = png(40, 30)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const planned = await plan(ada, '../Holiday.png', bytes.length, { sha256 })
  expect(planned.attachment).toMatchObject({
    status: 'planned',
    name: 'Holiday.png',
    sizeBytes: bytes.length,
    kind: null,
    origin: 'upload',
  })

  const uploaded = await put(ada, planned.upload.path, bytes)
  expect(await uploaded.json()).toMatchObject({ status: 'ready', kind: 'image', mime: 'image/png', width: 40, height: 30, sha256 })

  const id = await conversationOf(ada)
  await send(ada, id, 'What is this?', [planned.attachment.id])
  const [question] = await messagesOf(ada, id)
  expect(question!.parts).toMatchObject([
    { type: 'file', attachmentId: planned.attachment.id, name: 'Holiday.png', kind: 'image', width: 40, height: 30 },
    { type: 'text', text: 'What is this?' },
  ])
  expect(await ada.get('attachments.get', { id: planned.attachment.id })).toMatchObject({
    status: 'attached',
    conversationId: id,
    messageId: question!.id,
  })
  const response = await ada.fetch(`/api/attachments/${planned.attachment.id}/content`)
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
    'content-disposition': `inline; filename="Holiday.png"; filename*=UTF-8''Holiday.png`,
  })
  expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/)

  const part = await ada.fetch(`/api/attachments/${planned.attachment.id}/content`, { headers: { range: 'bytes=1-3' } })
  expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([206, 'PNG', `bytes 1-3/${bytes.length}`])
  const beyond = await ada.fetch(`/api/attachments/${planned.attachment.id}/content`, { headers: { range: `bytes=${bytes.length}-` } })
  expect(beyond.status).toBe(416)
  const known = await ada.fetch(`/api/attachments/${planned.attachment.id}/content`, {
    headers: { 'if-none-match': response.headers.get('etag')! },
  })
  expect(known.status).toBe(304)
})

test.each([
  ['openai', 'gpt-4o', ['image/png', 'application/pdf']],
  ['anthropic', 'claude-sonnet-4-5', ['image/png', 'application/pdf']],
  ['google', 'gemini-2.5-flash', ['image/png', 'application/pdf']],
  ['xai', 'grok-4', ['image/png']],
  ['openai-compatible', 'deepseek-chat', []],
] as const)('%s %s gets what it takes as it is, and the rest in words', async (kind, name, native) => {
  const ada = await someone()
  const id = await conversationWith(ada, kind, name)
  const files = [
    await attach(ada, 'sky.png', png(), id),
    await attach(ada, 'paper.pdf', pdf(['The tide was low.', 'Then it rose.'])),
    await attach(ada, 'notes.md', '# Notes\nGrüße'),
  ]
  expect(files.map(({ status }) => status)).toEqual(['ready', 'ready', 'ready'])
  const answer = await send(
    ada,
    id,
    'Compare them.',
    files.map((file) => file.id),
  )
  expect(answer).toMatchObject({ answer: { state: 'completed' } })

  const { asked } = provider.requests.findLast((request) => request.asked)!
  expect(asked!.files.map((file) => file.split(' ')[0])).toEqual(native)
  expect(asked!.text).toContain('<file name="notes.md">\n# Notes\nGrüße\n</file>')
  expect(asked!.text).toContain('Compare them.')
  expect(asked!.text.includes('[Page 2]\nThen it rose.')).toBe(!(native as readonly string[]).includes('application/pdf'))
  expect(/The picture "sky.png".*cannot be seen/.test(asked!.text)).toBe(native.length === 0)
})

test('the built-in model says what arrived', async () => {
  const ada = await someone()
  const id = await conversationOf(ada)
  const [notes, picture] = [await attach(ada, 'notes.txt', 'The harbour closes at nine.'), await attach(ada, 'a.png', png(8, 8))]
  const answer = textOf((await send(ada, id, undefined, [notes.id, picture.id])) as never)
  expect(answer).toContain('2 files came with your message')
  expect(answer).toContain('The harbour closes at nine.')
  expect(answer).toMatch(/a\.png.*image\/png, 8 × 8 pixels.*takes no pictures/)
  // A message of files alone has their names in lists.
  expect(await ada.get('conversations.get', { id })).toMatchObject({ title: 'notes.txt, a.png' })
})

test('later questions, another try and an edit have the files too, and a fork keeps them when its origin goes', async () => {
  const ada = await someone()
  const id = await conversationWith(ada, 'openai-compatible', 'deepseek-chat')
  const notes = await attach(ada, 'notes.txt', 'The password is swordfish.')
  await send(ada, id, 'First.', [notes.id])
  const path = await messagesOf(ada, id)
  const bodies = () => JSON.stringify(provider.requests.findLast((request) => request.asked)!.body)
  await send(ada, id, 'Second.', [])
  expect(bodies()).toContain('swordfish')
  await allEvents(await startTurn(ada, id, { tryAgain: path[0]!.id }))
  expect(bodies()).toContain('swordfish')

  await send(ada, id, 'First, but better.', [notes.id], { parentId: null })
  expect(bodies()).toContain('swordfish')
  const [edited] = await messagesOf(ada, id)
  const shown = edited!.parts[0] as { attachmentId: string }
  expect(shown.attachmentId).not.toBe(notes.id)

  const fork = await ada.get('conversations.fork', { id, messageId: edited!.id })
  await ada.get('conversations.delete', { id })
  const [copied] = await messagesOf(ada, fork.id)
  const inFork = (copied!.parts[0] as { attachmentId: string }).attachmentId
  expect([notes.id, shown.attachmentId]).not.toContain(inFork)
  expect(await (await ada.fetch(`/api/attachments/${inFork}/content`)).text()).toBe('The password is swordfish.')
  expect(await ada.call('attachments.get', { id: shown.attachmentId as never })).toFailWith('attachment.not_found')
})

test('what is not as it says is refused, with the reason at the file', async () => {
  const ada = await someone()
  const states = async (name: string, bytes: Uint8Array | string, mime?: string) => {
    const { status, reason, id } = await attach(ada, name, bytes, undefined, mime)
    if (status !== 'ready') expect((await ada.fetch(`/api/attachments/${id}/content`)).status).toBe(404)
    return [status, reason]
  }
  expect(await states('holiday.png', program())).toEqual(['quarantined', 'type_mismatch'])
  expect(await states('readme.txt', program())).toEqual(['quarantined', 'type_mismatch'])
  expect(await states('setup.exe', program(), 'application/x-msdownload')).toEqual(['failed', 'type_unsupported'])
  expect(await states('page.png', '<html><script>alert(1)</script></html>')).toEqual(['quarantined', 'type_mismatch'])
  expect(await states('broken.png', png().subarray(0, 20))).toEqual(['failed', 'damaged'])
  expect(await states('broken.pdf', Buffer.from('%PDF-1.7\nnothing'))).toEqual(['failed', 'damaged'])
  expect(await states('is-a-png.jpg', png())).toEqual(['ready', null])

  const short = await plan(ada, 'a.txt', 10)
  expect(await (await put(ada, short.upload.path, 'abc')).json()).toMatchObject({ status: 'failed', reason: 'size_mismatch' })
  const long = await plan(ada, 'a.txt', 3)
  expect(await (await put(ada, long.upload.path, 'abcdef')).json()).toMatchObject({ status: 'failed', reason: 'size_mismatch' })
  const other = await plan(ada, 'a.txt', 3, { sha256: 'a'.repeat(64) })
  expect(await (await put(ada, other.upload.path, 'abc')).json()).toMatchObject({ status: 'failed', reason: 'checksum_mismatch' })
  const { workspaceId } = ada
  expect(await ada.call('attachments.plan', { workspaceId, name: 'empty.txt', sizeBytes: 0 })).toFailWith('request.invalid')
  expect(await ada.call('attachments.plan', { workspaceId, name: 'big.txt', sizeBytes: 1024 * 1024 + 1 })).toFailWith(
    'attachment.too_large',
  )
})

test('an SVG is text and a polyglot is what its first bytes say, neither ever runs', async () => {
  const ada = await someone()
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(document.cookie)</script></svg>'
  const gif = Buffer.concat([Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;', 'latin1'), Buffer.from('/*<script>alert(1)</script>*/')])
  for (const [name, bytes, type] of [
    ['drawing.svg', Buffer.from(svg), 'text/plain; charset=utf-8'],
    ['page.html', Buffer.from('<!doctype html><script>alert(1)</script>'), 'text/plain; charset=utf-8'],
    ['both.gif', gif, 'image/gif'],
  ] as const) {
    const { id, status } = await attach(ada, name, bytes)
    expect(status).toBe('ready')
    const response = await ada.fetch(`/api/attachments/${id}/content`)
    expect(response.headers.get('content-type')).toBe(type)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'.*; sandbox$/)
  }
})

test('names are shown and never followed', async () => {
  const ada = await someone()
  const nameOf = async (name: string) => (await plan(ada, name, 1)).attachment.name
  expect(await nameOf('../../../etc/passwd')).toBe('passwd')
  expect(await nameOf('C:\\Users\\ada\\notes.txt')).toBe('notes.txt')
  expect(await nameOf('photo\u202Egnp.exe')).toBe('photognp.exe')
  expect(await nameOf('a\nb\tc.txt')).toBe('abc.txt')
  expect(await nameOf('..')).toBe('file')
  expect(await nameOf(`${'é'.repeat(400)}.txt`)).toMatch(/^é+….txt$/)
  const { id } = await attach(ada, 'Übersicht "neu"; x=1.txt', 'abc')
  const response = await ada.fetch(`/api/attachments/${id}/content?download=1`)
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="_bersicht _neu__ x_1.txt"; filename*=UTF-8''%C3%9Cbersicht%20%22neu%22%3B%20x%3D1.txt`,
  )
})

test('an upload has one address, for a while, for whoever planned it', async () => {
  const app = shared.current
  const [ada, eve] = await app.people('ada', 'eve')
  const { upload } = await plan(ada, 'notes.txt', 3)
  const code = async (person: Person, path: string, init: RequestInit = {}) =>
    ((await (await person.fetch(path, { method: 'PUT', body: 'abc', ...init })).json()) as { code?: string }).code
  expect(await code(eve, upload.path)).toBe('attachment.not_found')
  expect(
    await code(
      ada,
      upload.path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    ),
  ).toBe('attachment.upload_invalid')
  expect(await code(ada, upload.path.replace(/expires=\d/, 'expires=9'))).toBe('attachment.upload_invalid')
  expect(await code(ada, upload.path, { headers: { origin: 'https://elsewhere.example' } })).toBe('request.cross_site')
  const nobody = await fetch(app.url + upload.path, { method: 'PUT', body: 'abc', headers: { origin: app.url } })
  expect(nobody.status).toBe(401)
  expect(await code(ada, upload.path)).toBeUndefined()
  expect(await code(ada, upload.path)).toBe('attachment.not_planned')
})

test('files of others, unready ones, too many, and files with anything but a message are refused', async () => {
  const [ada, eve] = await shared.current.people('ada', 'eve')
  const id = await conversationOf(ada)
  const hers = await attach(eve, 'hers.txt', 'secret')
  expect(await send(ada, id, 'Hi', [hers.id])).toMatchObject({ code: 'attachment.not_found' })
  for (const path of [`/api/attachments/${hers.id}`, `/api/attachments/${hers.id}/content`, `/api/attachments/${hers.id}/text`])
    expect((await ada.fetch(path)).status).toBe(404)
  const { attachment } = await plan(ada, 'later.txt', 5)
  expect(await send(ada, id, 'Hi', [attachment.id])).toMatchObject({ code: 'attachment.not_ready' })
  const elsewhere = await conversationOf(ada)
  const bound = await attach(ada, 'bound.txt', 'bound', elsewhere)
  expect(await send(ada, id, 'Hi', [bound.id])).toMatchObject({ code: 'attachment.not_ready' })
  const team = await (await shared.current.admin()).get('workspaces.create', { name: 'Team' })
  await shared.current.addMember(team.id, ada, 'User')
  const there = await ada.get('conversations.create', { workspaceId: team.id })
  const here = await attach(ada, 'here.txt', 'of another workspace')
  expect(await send(ada, there.id, 'Hi', [here.id])).toMatchObject({ code: 'attachment.not_found' })
  const wrong = { workspaceId: ada.workspaceId, conversationId: there.id, name: 'a.txt', sizeBytes: 1 }
  expect(await ada.call('attachments.plan', wrong)).toFailWith('conversation.not_found')
  const many = Array.from({ length: 30 }, () => attachment.id)
  expect(await send(ada, id, 'Hi', many)).toMatchObject({ code: 'request.invalid' })
  const mine = await attach(ada, 'mine.txt', 'mine')
  const question = (await send(ada, id, scripted({ text: 'ok' }), [])) as { parentId: string }
  const again = await startTurn(ada, id, { tryAgain: question.parentId, attachments: [mine.id] })
  expect(await again.json()).toMatchObject({ code: 'request.invalid' })
})

test('what is deleted is gone for reading and for models, and its place in the message says so', async () => {
  const ada = await someone()
  const id = await conversationWith(ada, 'openai-compatible', 'deepseek-chat')
  const { id: fileId } = await attach(ada, 'notes.txt', 'secret')
  await send(ada, id, scripted({ text: 'I did.' }, 'Read it.'), [fileId])
  await ada.get('attachments.delete', { id: fileId })
  expect(await ada.call('attachments.get', { id: fileId })).toFailWith('attachment.not_found')
  await send(ada, id, 'And now?', [])
  const body = JSON.stringify(provider.requests.findLast((request) => request.asked)!.body)
  expect(body).not.toContain('secret')
  expect(body).toContain('has been deleted')
})

test('a person keeps no more than they may', async () => {
  const ada = await someone()
  const { workspaceId } = ada
  await plan(ada, 'one.txt', 1024 * 1024)
  await plan(ada, 'two.txt', 1024 * 1024 - 1)
  expect(await ada.call('attachments.plan', { workspaceId, name: 'three.txt', sizeBytes: 2 })).toFailWith('attachment.no_space')
  const { attachments } = await ada.get('attachments.list', { workspaceId, limit: 1 })
  await ada.get('attachments.delete', { id: attachments[0]!.id })
  await plan(ada, 'three.txt', 2)

  const [bea] = await shared.current.people('bea')
  const { db } = shared.current.deps
  await attach(bea, 'a.txt', 'abc')
  await sql`insert into attachment (id, workspace_id, user_id, file_id, name)
    select gen_random_uuid(), workspace_id, user_id, file_id, name from attachment, generate_series(1, 499) where user_id = ${bea.id}`.execute(
    db,
  )
  expect(await bea.call('attachments.plan', { workspaceId: bea.workspaceId, name: 'one more', sizeBytes: 1 })).toFailWith(
    'attachment.no_space',
  )
})

test('a key that may not read messages reads no file of one and exports none', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const file = await attach(ada, 'a.txt', 'secret')
  const { id } = await ada.get('conversations.create', { workspaceId: ada.workspaceId })
  await allEvents(await startTurn(ada, id, { text: 'Look', attachments: [file.id] }))
  const { secret } = await ada.get('people.createApiKey', { name: 'narrow', scopes: ['conversation:read'] })
  const key = app.withKey(secret)
  const paths = [
    `/api/conversations/${id}/messages`,
    `/api/attachments/${file.id}`,
    `/api/attachments/${file.id}/content`,
    `/api/attachments/${file.id}/text`,
    `/api/workspaces/${ada.workspaceId}/attachments`,
    `/api/conversations/${id}/export`,
    `/api/workspaces/${ada.workspaceId}/export`,
  ]
  const answers = await Promise.all(paths.map(async (path) => ((await (await key.fetch(path)).json()) as { code?: string }).code))
  expect(answers).toEqual(paths.map(() => 'auth.scope_missing'))
})
