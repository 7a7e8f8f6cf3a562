import { expect, test } from 'vitest'
import { attach } from '../../../../test/support/attach.ts'
import { useConversationApp } from '../../../../test/support/conversation-app.ts'
import type { ScriptedCall } from '../../../../test/support/provider-server/index.ts'
import type { Person } from '../../../../test/support/test-app.ts'
import { eventually, messagesOf, scripted } from '../../../../test/support/turn-client.ts'
import type { FilePart, ToolCallPart } from '../../../contract/messages.ts'

const { begin } = await useConversationApp({ EGRESS_ALLOW: '127.0.0.1' })

/** The calls of one pass, each allowed where it asks. */
async function run(person: Person, id: string, calls: ScriptedCall[], more: object = {}) {
  const response = await person.call('turns.start', { id, text: scripted({ toolRounds: [calls], text: 'done' }), ...more })
  if (!response.ok) throw new Error(JSON.stringify(response.problem))
  const { turnId } = response.value
  const turn = await eventually(
    () => person.get('turns.get', { id: turnId }),
    ({ state }) => state !== 'running' && state !== 'queued',
  )
  for (const { callId } of turn.waitingFor) await person.get('turns.decide', { id: turnId, callId, decision: 'allow' })
  await eventually(
    () => person.get('turns.get', { id: turnId }),
    ({ state }) => state === 'completed',
  )
  const parts = (await messagesOf(person, id)).at(-1)!.parts
  return {
    asked: turn.waitingFor.length,
    results: parts.filter((part): part is ToolCallPart => part.type === 'tool-call').map(({ result }) => result ?? ''),
    files: parts.filter((part): part is FilePart => part.type === 'file'),
  }
}
const call = (name: string, args: object): ScriptedCall => ({ name, arguments: args })
const contentOf = async (person: Person, id: string) => (await person.get('attachments.text', { id })).text

test('a file is made freely, changed when somebody allows it, and every version stays', async () => {
  const [alice, id] = await begin()
  const made = await run(alice, id, [call('create_file', { name: '../notes.md', content: 'One\nTwo\nThree' })])
  expect(made).toMatchObject({
    asked: 0,
    results: [expect.stringContaining('Created notes.md')],
    files: [{ name: 'notes.md', kind: 'text' }],
  })
  expect(made.files[0]).not.toHaveProperty('version')

  const changes = [
    { find: 'Two', replace: '2' },
    { afterLine: 0, insert: 'Zero' },
  ]
  const changed = await run(alice, id, [call('edit_file', { name: 'notes.md', changes })])
  expect(changed).toMatchObject({ asked: 1, files: [{ name: 'notes.md', version: 2, replacesId: made.files[0]!.attachmentId }] })
  expect(await contentOf(alice, changed.files[0]!.attachmentId)).toBe('Zero\nOne\n2\nThree')
  expect(await contentOf(alice, made.files[0]!.attachmentId)).toBe('One\nTwo\nThree')

  const restored = await alice.get('attachments.restore', { id: made.files[0]!.attachmentId })
  expect(restored.attachment).toMatchObject({ version: 3, replacesId: changed.files[0]!.attachmentId, origin: 'generated' })
  expect((await alice.get('attachments.restore', { id: restored.attachment.id })).attachment.id).toBe(restored.attachment.id)
  const read = await run(alice, id, [
    call('read_files', { name: 'notes.md', fromLine: 2 }),
    call('read_files', {}),
    call('read_files', { search: 'THREE' }),
  ])
  expect(read.results).toEqual(['2\tTwo\n3\tThree', 'notes.md (text, 13 bytes, version 3)', 'notes.md:3\tThree'])
})

test('what does not fit changes nothing and says why', async () => {
  const [alice, id] = await begin()
  const { id: attachmentId } = await attach(alice, 'mine.txt', 'a a b', id)
  const tries = [
    call('edit_file', {
      name: 'mine.txt',
      changes: [
        { find: 'b', replace: 'c' },
        { find: 'zzz', replace: '' },
      ],
    }),
    call('edit_file', { name: 'mine.txt', changes: [{ find: 'a', replace: 'x' }] }),
    call('edit_file', { name: 'other.txt', changes: [{ find: 'a', replace: 'x' }] }),
    call('create_file', { name: 'mine.txt', content: 'x' }),
  ]
  const { results, files } = await run(alice, id, tries, { attachments: [attachmentId] })
  expect(results).toEqual([
    'Change 2: what is to be replaced is not in the file. Nothing was changed.',
    expect.stringContaining('more than once'),
    'No file of this conversation is named other.txt. There are: mine.txt.',
    expect.stringContaining('There is a file named mine.txt already'),
  ])
  expect(files).toEqual([])
  const all = await run(alice, id, [call('edit_file', { name: 'mine.txt', changes: [{ find: 'a', replace: 'x', all: true }] })])
  expect(await contentOf(alice, all.files[0]!.attachmentId)).toBe('x x b')
  // What the person sent stays what it was.
  expect(await contentOf(alice, attachmentId)).toBe('a a b')
})

test('two changes of one version: the second is told to read again', async () => {
  const [alice, id] = await begin()
  await run(alice, id, [call('create_file', { name: 'a.txt', content: 'one' })])
  const change = (replace: string) => call('edit_file', { name: 'a.txt', changes: [{ find: 'one', replace }] })
  const { results, files } = await run(alice, id, [change('two'), change('three')])
  expect(files).toHaveLength(1)
  expect(results.filter((result) => /version 2/.test(result))).toHaveLength(1)
  expect(results.filter((result) => /changed meanwhile|not in the file/.test(result))).toHaveLength(1)
})

test('files of another conversation, or of somebody else, are not there', async () => {
  const [alice, id] = await begin()
  const { files } = await run(alice, id, [call('create_file', { name: 'secret.txt', content: 'mine' })])
  const [bob, bobs] = await begin()
  expect((await run(bob, bobs, [call('read_files', { name: 'secret.txt' })])).results).toEqual([
    'No file of this conversation is named secret.txt. There is none.',
  ])
  expect(await bob.call('attachments.restore', { id: files[0]!.attachmentId })).toFailWith('attachment.not_found')
  expect(await bob.call('attachments.text', { id: files[0]!.attachmentId })).toFailWith('attachment.not_found')
})

test('a plan is a call like others, and its result says what comes next', async () => {
  const [alice, id] = await begin()
  const steps = [
    { text: 'Look', state: 'done' },
    { text: 'Write', state: 'active' },
    { text: 'Check', state: 'open' },
  ]
  expect((await run(alice, id, [call('plan', { steps })])).results).toEqual(['1 of 3 done. Now: Write'])
  expect((await run(alice, id, [call('plan', { steps: [] })])).results[0]).toContain('not valid')
})
