import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PictureServer, startPictureServer } from '../../../../test/support/picture-server.ts'
import { startTestApp, useTestApp } from '../../../../test/support/test-app.ts'
import { messagesOf } from '../../../../test/support/turn-client.ts'
import { conversationSaying } from '../../../../test/support/written-answer.ts'

const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
let host: PictureServer
beforeAll(async () => {
  host = await startPictureServer()
})
afterAll(() => host[Symbol.asyncDispose]())

test('a picture that a message names is fetched when somebody asks for it, by its content and not by what it claims', async () => {
  const [ada] = await shared.current.people('ada')
  const names = ['ok.png?a=1&amp;b=2', 'away.png', 'drawing.svg', 'page.png', 'huge.png', 'wide.png', 'gone.png']
  const id = await conversationSaying(shared.current, ada, `> - ${names.map((name) => `![x](${host.url}/${name})`).join(' ')}`)
  const messageId = (await messagesOf(ada, id))[1]!.id
  expect(host.asked).toEqual([])
  const fetched = (name: string) => ada.call('pictures.fetch', { id, messageId, url: `${host.url}/${name}` })

  const answer = await ada.get('pictures.fetch', { id, messageId, url: `${host.url}/ok.png?a=1&b=2` })
  expect(answer).toMatchObject({ type: 'image/png', width: 240, height: 120 })
  expect(Buffer.from(answer.base64, 'base64').subarray(1, 4).toString()).toBe('PNG')
  expect(host.asked).toEqual(['/ok.png?a=1&b=2'])
  expect((await ada.get('pictures.fetch', { id, messageId, url: `${host.url}/away.png` })).type).toBe('image/png')
  for (const name of ['drawing.svg', 'page.png', 'huge.png', 'wide.png'])
    expect(await fetched(name), name).toFailWith('picture.unsupported')
  expect(await fetched('gone.png')).toFailWith('picture.unreachable')
})

test('what no message of one’s own names is not fetched', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  const id = await conversationSaying(
    shared.current,
    ada,
    `![x](${host.url}/ok.png) [link](${host.url}/link.png) \`![x](${host.url}/code.png)\` ![x](file:///etc/passwd)`,
  )
  const messageId = (await messagesOf(ada, id))[1]!.id
  const before = host.asked.length
  for (const url of [`${host.url}/other.png`, `${host.url}/link.png`, `${host.url}/code.png`, 'file:///etc/passwd'])
    expect(await ada.call('pictures.fetch', { id, messageId, url }), url).toFailWith('picture.not_found')
  expect(await bea.call('pictures.fetch', { id, messageId, url: `${host.url}/ok.png` })).toFailWith('conversation.not_found')
  expect(host.asked).toHaveLength(before)
})

test('a picture on a private network is not fetched', async () => {
  await using app = await startTestApp()
  const [ada] = await app.people('ada')
  const id = await conversationSaying(app, ada, `![x](${host.url}/ok.png)`)
  const messageId = (await messagesOf(ada, id))[1]!.id
  expect(await ada.call('pictures.fetch', { id, messageId, url: `${host.url}/ok.png` })).toFailWith('connection.address_forbidden')
})
