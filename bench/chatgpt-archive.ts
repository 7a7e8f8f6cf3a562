import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { madeUpText } from './made-up-text.ts'

const { random, textOf } = madeUpText(7, 40_000)
const idOf = (kind: string, index: number) => `${kind}${String(index).padStart(9, '0')}-4e1c-4c39-8f52-7d1d0a9b5c11`

/** A message with all that stands around it in ChatGPT's exports. */
function node(id: string, parent: string, child: string | null, role: 'user' | 'assistant', at: number): string {
  return JSON.stringify({
    id,
    message: {
      id,
      author: { role, name: null, metadata: {} },
      create_time: at,
      update_time: null,
      content: { content_type: 'text', parts: [textOf(role === 'user' ? 20 + random() * 60 : 60 + random() * 400)] },
      status: 'finished_successfully',
      end_turn: role === 'assistant' ? true : null,
      weight: 1,
      metadata:
        role === 'user'
          ? { request_id: `${id}-r`, timestamp_: 'absolute', message_type: null, selected_github_repos: [] }
          : {
              citations: [],
              content_references: [],
              message_type: 'next',
              model_slug: 'gpt-4o',
              default_model_slug: 'auto',
              parent_id: parent,
              finish_details: { type: 'stop', stop_tokens: [200_002] },
              is_complete: true,
              request_id: `${id}-r`,
            },
      recipient: 'all',
      channel: null,
    },
    parent,
    children: child === null ? [] : [child],
  })
}

export function* conversationText(index: number, messages: number): Generator<string> {
  const id = idOf('c', index)
  const at = 1_650_000_000 + index * 3_000
  const nodeId = (at: number) => `${id}-${at}`
  yield `{"title":${JSON.stringify(textOf(5))},"create_time":${at}.5,"update_time":${at + messages},"mapping":{"client-created-root":{"id":"client-created-root","message":null,"parent":null,"children":[${JSON.stringify(nodeId(0))}]}`
  for (let one = 0; one < messages; one++) {
    const parent = one === 0 ? 'client-created-root' : nodeId(one - 1)
    yield `,${JSON.stringify(nodeId(one))}:${node(nodeId(one), parent, one === messages - 1 ? null : nodeId(one + 1), one % 2 === 0 ? 'user' : 'assistant', at + one)}`
  }
  yield `},"moderation_results":[],"current_node":${JSON.stringify(nodeId(messages - 1))},"plugin_ids":null,"conversation_id":"${id}","is_archived":false,"default_model_slug":"gpt-4o","id":"${id}"}`
}

/** Writes an archive with about so many bytes of conversations, as ChatGPT exports it. Answers how many bytes, conversations and messages they are. */
export async function writeArchive(path: string, bytes: number): Promise<{ bytes: number; conversations: number; messages: number }> {
  const written = { bytes: 0, conversations: 0, messages: 0 }
  async function* text() {
    yield '['
    while (written.bytes < bytes) {
      const messages = 2 + 2 * Math.floor(random() * 20)
      const piece = (written.conversations > 0 ? ',\n' : '') + [...conversationText(written.conversations, messages)].join('')
      written.bytes += Buffer.byteLength(piece)
      written.conversations++
      written.messages += messages
      yield piece
    }
    yield ']'
  }
  const zip = new ZipFile()
  zip.addReadStream(Readable.from(text(), { objectMode: false }), 'conversations.json', { compressionLevel: 3 })
  zip.addBuffer(Buffer.from('{}'), 'user.json')
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(path))
  return written
}
