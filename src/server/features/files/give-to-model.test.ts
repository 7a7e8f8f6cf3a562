import { expect, test } from 'vitest'
import type { FilePart } from '../../../contract/messages.ts'
import { attach } from '../../../../test/support/attach.ts'
import { useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, messagesOf, startTurn } from '../../../../test/support/turn-client.ts'
import { giveFiles, type Reader, tokensOf } from './index.ts'

const shared = useTestApp()

const part = (fields: Partial<FilePart>) =>
  ({ type: 'file', name: 'x', sizeBytes: 1000, width: null, height: null, pageCount: null, textTokens: null, ...fields }) as FilePart
const reader = (provider: Reader['provider'], maxContext: number | null = null): Reader => ({
  provider,
  inputs: ['image', 'pdf'],
  maxContext,
})

test('what a provider refuses for its size goes as text, so that a conversation does not get stuck on it', () => {
  const book = part({ kind: 'pdf', pageCount: 300, textTokens: 20_000 })
  expect(tokensOf(book, reader('google'))).toBe(300 * 258)
  expect(tokensOf(book, reader('anthropic'))).toBe(20_000 + 60)
  expect(tokensOf(book, reader('openai'))).toBe(20_000 + 60)
  const photo = part({ kind: 'image', width: 6000, height: 4000, sizeBytes: 8_000_000 })
  expect(tokensOf(photo, reader('anthropic'))).toBe(60)
  expect(tokensOf(photo, reader('openai'))).toBeGreaterThan(700)
})

test('text counts no more than there is room for', () => {
  const log = part({ kind: 'text', textTokens: 1_000_000 })
  expect(tokensOf(log, reader('openai', 100_000))).toBe(50_000 + 60)
})

test('what there is no room for is not read', async () => {
  const { deps } = shared.current
  const [ada] = await shared.current.people('ada')
  const files = [await attach(ada, 'old.txt', 'old '.repeat(100)), await attach(ada, 'new.txt', 'new '.repeat(100))]
  const { id } = await ada.get('conversations.create', { workspaceId: ada.workspaceId })
  await allEvents(await startTurn(ada, id, { text: 'Look', attachments: files.map((file) => file.id) }))
  const parts = (await messagesOf(ada, id))[0]!.parts.filter((one) => one.type === 'file')
  const read: string[] = []
  const counted: typeof deps.files = { ...deps.files, read: (key) => (read.push(key), deps.files.read(key)) }

  const given = await giveFiles({ ...deps, files: counted }, id, parts, reader('openai', 10))

  expect(read).toHaveLength(1)
  expect(parts.map(({ attachmentId }) => given.get(attachmentId))).toEqual([
    { type: 'text', text: expect.stringContaining('"old.txt" was left out') },
    { type: 'text', text: expect.stringContaining('17 of 400 characters') },
  ])
})
