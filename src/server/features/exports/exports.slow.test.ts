import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { fromBufferPromise } from 'yauzl'
import { expect, test } from 'vitest'
import { ConversationFile } from '../../../contract/conversation-file.ts'
import { chatGptConversation, importFile } from '../../../../test/support/archive.ts'
import { useTestApp } from '../../../../test/support/test-app.ts'
import { partsAsMarkdown } from './conversation-markdown.ts'
import { fileNameOf } from './file-name.ts'

const shared = useTestApp()

test('a conversation is a file in its format, and Markdown of the path that is shown', async () => {
  const [alice] = await shared.current.people('alice')
  await importFile(alice, JSON.stringify([chatGptConversation('a', 1, { title: 'Salt: "how much?"' })]))
  const { id } = (await alice.get('conversations.list', { workspaceId: alice.workspaceId })).conversations[0]!

  const json = await alice.fetch(`/api/conversations/${id}/export`)
  const markdown = await alice.fetch(`/api/conversations/${id}/export?format=markdown`)

  expect(json.headers.get('content-disposition')).toBe(`attachment; filename="Salt how much.json"; filename*=UTF-8''Salt%20how%20much.json`)
  const file = ConversationFile.parse(await json.json())
  expect(file.messages.map(({ role, model }) => ({ role, model: model?.name ?? null }))).toEqual([
    { role: 'user', model: null },
    { role: 'assistant', model: 'gpt-4o' },
  ])
  expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
  expect(await markdown.text()).toBe(
    '# Salt: "how much?"\n\n## alice\n\n*2023-11-14T22:13:20.000Z*\n\nuser 0 of a\n\n## gpt-4o\n\n*2023-11-14T22:13:21.000Z*\n\nassistant 1 of a\n',
  )
})

test('an archive of all has what its owner has in a workspace, and nothing of others', async () => {
  const [alice, bob] = await shared.current.people('alice', 'bob')
  await importFile(bob, JSON.stringify([chatGptConversation('theirs', 1)]))
  await importFile(alice, JSON.stringify(Array.from({ length: 250 }, (_, index) => chatGptConversation(`c${index}`, 1))))
  const { workspaceId } = alice
  const [gone] = (await alice.get('conversations.list', { workspaceId })).conversations
  await alice.get('conversations.delete', { id: gone!.id })
  await alice.get('conversations.create', { workspaceId, isTemporary: true })

  expect(await alice.get('exports.size', { workspaceId })).toEqual({ conversations: 249 })
  const bytes = Buffer.from(await (await alice.fetch(`/api/workspaces/${workspaceId}/export`)).arrayBuffer())

  const zip = await fromBufferPromise(bytes, { lazyEntries: true })
  const texts = new Map<string, string>()
  for await (const entry of zip.eachEntry()) texts.set(entry.fileName, (await buffer(await zip.openReadStreamPromise(entry))).toString())
  const files = [...texts].filter(([name]) => name.startsWith('conversations/'))
  expect(files).toHaveLength(249)
  expect([...texts.keys()].filter((name) => name.startsWith('markdown/'))).toHaveLength(249)
  expect(files.every(([, text]) => !text.includes('theirs'))).toBe(true)
  expect(JSON.parse(texts.get('manifest.json')!)).toMatchObject({ format: 'parley.export/1', conversations: 249 })
  expect(ConversationFile.safeParse(JSON.parse(files[0]![1])).success).toBe(true)

  expect((await importFile(alice, bytes)).counts).toMatchObject({ imported: 0, skipped: 249 })
  expect((await importFile(bob, bytes)).counts).toMatchObject({ imported: 249, failed: 0 })
}, 60_000)

test('what hangs up ends the writing', async () => {
  const [alice] = await shared.current.people('alice')
  await importFile(alice, JSON.stringify(Array.from({ length: 40 }, (_, index) => chatGptConversation(`h${index}`, 20))))
  const ending = new AbortController()
  const answer = await alice.fetch(`/api/workspaces/${alice.workspaceId}/export`, { signal: ending.signal })
  await answer.body!.getReader().read()
  ending.abort()
  await promisify(setImmediate)()
  // The database is free for whoever comes next.
  expect((await alice.get('exports.size', { workspaceId: alice.workspaceId })).conversations).toBe(40)
}, 30_000)

test('names of files hold nothing that leads elsewhere', () => {
  expect(fileNameOf('../../etc/passwd')).toBe('etc passwd')
  expect(fileNameOf('\u202etxt.exe\n')).toBe('txt.exe')
  expect(fileNameOf('...')).toBe('conversation')
  expect(fileNameOf('Ä'.repeat(200))).toHaveLength(80)
})

test('Markdown of parts keeps what a tool said apart from the text', () => {
  expect(
    partsAsMarkdown([
      {
        type: 'tool-call',
        step: 1,
        callId: 'a',
        toolName: 'run',
        arguments: { a: 1 },
        state: 'completed',
        result: '```',
        durationMs: null,
      },
      { type: 'text', step: 2, text: 'Done.' },
      { type: 'source', step: 2, url: 'https://example.org/', title: 'A [b]' },
    ]),
  ).toBe('**run**\n\n```json\n{\n  "a": 1\n}\n```\n\n````\n```\n````\n\nDone.\n\n- [A \\[b\\]](<https://example.org/>)')
})
