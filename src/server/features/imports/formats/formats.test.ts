import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chatGptMessage } from '../../../../../test/support/archive.ts'
import { tidyConversation, type TidyConversation } from '../tidy-conversation.ts'
import { readConversation } from './find-format.ts'
import type { Json } from './json.ts'

const now = new Date('2026-01-01T00:00:00Z')
const tidy = (value: unknown): TidyConversation => tidyConversation(readConversation(value as Json)!, now)
const partsOf = ({ texts, messages }: TidyConversation, index: number): unknown => {
  const { partsAt, partsLength } = messages[index]!
  return JSON.parse(
    Buffer.from(texts)
      .subarray(partsAt, partsAt + partsLength)
      .toString(),
  )
}

const at = 1_750_000_000
const chain = (nodes: Record<string, unknown>[]) =>
  Object.fromEntries(
    nodes.map((message, index) => [
      `n${index}`,
      {
        id: `n${index}`,
        message,
        parent: index === 0 ? null : `n${index - 1}`,
        children: index === nodes.length - 1 ? [] : [`n${index + 1}`],
      },
    ]),
  )

test('an answer of ChatGPT with thoughts and a tool is one message', () => {
  const read = tidy({
    conversation_id: 'c',
    title: 'Numbers',
    current_node: 'n7',
    mapping: chain([
      chatGptMessage('system', '', at, { metadata: { is_visually_hidden_from_conversation: true } }),
      chatGptMessage('user', 'Add them', at + 1, { metadata: { attachments: [{ name: 'sums.csv' }] } }),
      chatGptMessage('assistant', '', at + 2, {
        content: { content_type: 'thoughts', thoughts: [{ summary: 'Plan', content: 'Use Python.' }] },
      }),
      chatGptMessage('assistant', '', at + 3, {
        content: { content_type: 'code', language: 'python', text: 'print(2)' },
        recipient: 'python',
      }),
      chatGptMessage('tool', '', at + 4, {
        author: { role: 'tool', name: 'python' },
        content: { content_type: 'execution_output', text: '2' },
      }),
      chatGptMessage('assistant', '', at + 5, {
        content: { content_type: 'reasoning_recap', content: 'Thought for 3s' },
        metadata: { finished_duration_sec: 3 },
      }),
      chatGptMessage('assistant', 'It is 2 \ue200cite\ue202turn0search0\ue201.', at + 6, {
        metadata: {
          model_slug: 'o3',
          content_references: [{ type: 'webpage', url: 'https://example.org/', title: 'Sums' }, { url: 'javascript:alert(1)' }],
        },
      }),
      chatGptMessage('user', 'Thanks', at + 7),
    ]),
  })
  expect(read.messages.map(({ id, parentId, role, model }) => ({ id, parentId, role, model }))).toEqual([
    { id: 'n1', parentId: null, role: 'user', model: null },
    { id: 'n2', parentId: 'n1', role: 'assistant', model: 'gpt-4o' },
    { id: 'n7', parentId: 'n2', role: 'user', model: null },
  ])
  expect(read).toMatchObject({ headId: 'n7', notes: { hidden_messages: 1, files_left_out: 1 }, preview: 'Thanks' })
  expect(partsOf(read, 0)).toEqual([{ type: 'text', step: 0, text: '*sums.csv*\n\nAdd them' }])
  expect(partsOf(read, 1)).toEqual([
    { type: 'reasoning', step: 1, text: 'Plan\n\nUse Python.', durationMs: 3000 },
    {
      type: 'tool-call',
      step: 1,
      callId: 'call-1',
      toolName: 'python',
      arguments: { input: 'print(2)' },
      state: 'completed',
      result: '2',
      durationMs: null,
      isImported: true,
    },
    { type: 'text', step: 2, text: 'It is 2.' },
    { type: 'source', step: 2, url: 'https://example.org/', title: 'Sums' },
  ])
})

test('a surface in a file becomes its words, and a source leads to the web only', () => {
  const read = tidy({
    format: 'parley.conversation/1',
    id: 'x',
    title: '',
    messages: [
      {
        id: 'm',
        parentId: null,
        role: 'assistant',
        createdAt: 'yesterday',
        parts: [
          { type: 'surface', step: 1, callId: null, surfaceId: 's', messages: [{ evil: true }], fallback: 'Two links' },
          { type: 'source', step: 1, url: 'javascript:alert(1)', title: null },
          {
            type: 'file',
            step: 1,
            attachmentId: '01900000-0000-7000-8000-000000000001',
            name: 'theirs.pdf',
            kind: 'pdf',
            mime: 'application/pdf',
            sizeBytes: 1,
            width: null,
            height: null,
            pageCount: null,
            textTokens: null,
          },
          {
            type: 'tool-call',
            step: 1,
            callId: 'c',
            toolName: 't',
            arguments: {},
            state: 'asked',
            result: null,
            durationMs: null,
            whole: { id: '01890000-0000-7000-8000-000000000000', length: 90_000 },
          },
        ],
      },
    ],
  })
  expect(partsOf(read, 0)).toEqual([
    { type: 'text', step: 1, text: 'Two links' },
    { type: 'text', step: 1, text: '*theirs.pdf*' },
    expect.objectContaining({ type: 'tool-call', state: 'interrupted', isImported: true }),
  ])
  // It would be the result of somebody's call on this server.
  expect((partsOf(read, 0) as unknown[])[2]).not.toHaveProperty('whole')
  expect(read.notes).toEqual({ unknown_content: 1, files_left_out: 1, times_replaced: 1 })
})

test('whatever stands in an export, parents come before what follows them and nothing throws', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const node = fc.record(
    {
      parent: fc.oneof(id, fc.constant(null), fc.integer()),
      children: fc.oneof(fc.array(fc.oneof(id, fc.constant(null))), fc.string()),
      message: fc.oneof(
        fc.record({
          author: fc.record({ role: fc.constantFrom('user', 'assistant', 'tool', 'system', '') }),
          content: fc.jsonValue(),
          create_time: fc.jsonValue(),
        }),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.dictionary(id, fc.oneof(node, fc.jsonValue())), fc.jsonValue(), (mapping, rest) => {
      const { messages } = tidy({ conversation_id: 'c', mapping, title: rest, current_node: rest, create_time: rest })
      const seen = new Set<string | null>([null])
      for (const message of messages) {
        expect(seen.has(message.parentId)).toBe(true)
        expect(seen.has(message.id)).toBe(false)
        seen.add(message.id)
      }
    }),
    { numRuns: 300 },
  )
})

test('a hundred thousand messages deep is no deeper than two', () => {
  const messages = Array.from({ length: 100_000 }, (_, index) => ({
    uuid: `m${index}`,
    sender: index % 2 === 0 ? 'human' : 'assistant',
    text: 'a',
    created_at: '2025-01-01T00:00:00Z',
    parent_message_uuid: index === 0 ? '00000000-0000-4000-8000-000000000000' : `m${index - 1}`,
  }))
  expect(tidy({ uuid: 'c', name: 'Deep', chat_messages: messages.toReversed() }).messages.at(-1)).toMatchObject({ id: 'm99999' })
})
