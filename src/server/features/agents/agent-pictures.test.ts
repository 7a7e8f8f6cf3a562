import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { png } from '../../../../test/support/picture-server.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { purgeAgents } from './index.ts'

const shared = useTestApp()

const create = (person: Person, rest: object = {}, workspaceId = person.workspaceId) =>
  person.get('agents.create', { workspaceId, name: 'Tides', ...rest })
const base64 = (bytes: Buffer) => bytes.toString('base64')
const picture = png(64, 48)
/** What a browser would get that shows it. */
const read = async (person: Person, url: string, headers: Record<string, string> = {}) => {
  const response = await person.fetch(url, { headers })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

test('an agent has its emoji until a picture is set, and again once that is removed', async () => {
  const [ada] = await shared.current.people('ada')
  const { id, pictureUrl, updatedAt } = await create(ada, { icon: '🌊' })
  expect(pictureUrl).toBeNull()
  expect(await ada.call('agents.picture', { id })).toFailWith('agent.picture_missing')

  const first = await ada.get('agents.setPicture', { id, base64: base64(picture) })
  expect(first).toMatchObject({ id, icon: '🌊', version: 1 })
  expect(Date.parse(first.updatedAt)).toBeGreaterThanOrEqual(Date.parse(updatedAt))
  const { agents } = await ada.get('agents.list', { workspaceId: ada.workspaceId })
  expect(agents[0]!.pictureUrl).toBe(first.pictureUrl)
  const shown = await read(ada, first.pictureUrl!)
  expect(shown.bytes.equals(picture)).toBe(true)
  expect(Object.fromEntries(shown.headers)).toMatchObject({
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
    'content-security-policy': expect.stringContaining('sandbox'),
  })
  expect((await read(ada, first.pictureUrl!, { 'if-none-match': shown.headers.get('etag')! })).status).toBe(304)

  const second = await ada.get('agents.setPicture', { id, base64: base64(png(16, 16)) })
  expect(second.pictureUrl).not.toBe(first.pictureUrl)
  expect((await read(ada, second.pictureUrl!, { 'if-none-match': shown.headers.get('etag')! })).bytes.equals(png(16, 16))).toBe(true)

  expect(await ada.get('agents.removePicture', { id })).toMatchObject({ pictureUrl: null, icon: '🌊' })
  expect(await ada.get('agents.removePicture', { id })).toMatchObject({ pictureUrl: null })
  expect((await read(ada, second.pictureUrl!)).status).toBe(404)
})

test('only pictures are taken, by what is in them, and only small ones', async () => {
  const [ada] = await shared.current.people('ada')
  const { id } = await create(ada)
  const set = (bytes: Buffer) => ada.call('agents.setPicture', { id, base64: base64(bytes) })
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
  const gif = Buffer.concat([Buffer.from('GIF89a', 'latin1'), Buffer.from([9, 0, 9, 0, 0, 0, 0, 0x3b])])
  for (const bytes of [Buffer.from(svg), Buffer.from('<!doctype html><script>alert(1)</script>'), gif, picture.subarray(0, 10)])
    expect(await set(bytes), bytes.toString('latin1', 0, 20)).toFailWith('agent.picture_unsupported')
  expect(await set(png(1025, 4))).toFailWith('agent.picture_too_large')
  expect(await set(Buffer.concat([picture, Buffer.alloc(512 * 1024)]))).toFailWith('agent.picture_too_large')
  expect(await ada.get('agents.get', { id })).toMatchObject({ pictureUrl: null })
})

test('who may use an agent sees its picture, who may change it sets it, and to everybody else there is none', async () => {
  const [ada, bea, eve] = await shared.current.people('ada', 'bea', 'eve')
  await shared.current.addMember(ada.workspaceId, bea, 'User')
  const { id } = await create(ada)
  const { pictureUrl } = await ada.get('agents.setPicture', { id, base64: base64(picture) })
  const set = { id, base64: base64(png(8, 8)) }
  const refusedTo = async (person: Person) => {
    expect(await person.call('agents.picture', { id })).toFailWith('agent.not_found')
    expect(await person.call('agents.setPicture', set)).toFailWith('agent.not_found')
    expect(await person.call('agents.setPicture', { id, base64: 'bm90aGluZw==' })).toFailWith('agent.not_found')
    expect(await person.call('agents.removePicture', { id })).toFailWith('agent.not_found')
  }
  await refusedTo(bea)
  await refusedTo(eve)
  expect((await fetch(`${shared.current.url}${pictureUrl}`)).status).toBe(401)

  await ada.get('agentRoles.grant', { id, email: bea.email, role: 'agent user' })
  expect((await read(bea, pictureUrl!)).bytes.equals(picture)).toBe(true)
  expect(await bea.call('agents.setPicture', set)).toFailWith('agent.not_found')
  expect(await bea.call('agents.removePicture', { id })).toFailWith('agent.not_found')
  await ada.get('agentRoles.grant', { id, email: bea.email, role: 'agent admin' })
  expect(await bea.get('agents.setPicture', set)).toMatchObject({ id })
  await ada.get('agentRoles.revoke', { id, userId: bea.id })
  await refusedTo(bea)
})

test('a copy keeps the picture as its own, and it goes with the agent', async () => {
  const [ada] = await shared.current.people('ada')
  const { id } = await create(ada)
  const { pictureUrl } = await ada.get('agents.setPicture', { id, base64: base64(picture) })
  const copy = await ada.get('agents.duplicate', { id })
  expect(copy.pictureUrl).toContain(copy.id)

  await ada.get('agents.delete', { id })
  expect((await read(ada, pictureUrl!)).status).toBe(404)
  expect(await ada.get('agents.restore', { id })).toMatchObject({ pictureUrl })
  await ada.get('agents.delete', { id })
  const { db } = shared.current.deps
  await db.updateTable('agent').set({ deleted_at: sql`now() - interval '31 days'` }).where('id', '=', id).execute()
  await purgeAgents(db)
  expect(await db.selectFrom('agent_picture').select('agent_id').where('agent_id', 'in', [id, copy.id]).execute()).toEqual([
    { agent_id: copy.id },
  ])
  expect((await read(ada, copy.pictureUrl!)).bytes.equals(picture)).toBe(true)
})
