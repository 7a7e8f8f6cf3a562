import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import type { Import } from '../../src/contract/imports.ts'
import type { Person } from './test-app.ts'
import { eventually } from './turn-client.ts'

/** A ZIP archive of these files. */
export async function zipOf(files: Record<string, string | Buffer>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name)
  zip.end()
  return buffer(zip.outputStream as Readable)
}

/** Uploads a file in parts and does not wait for what follows. */
export async function upload(
  person: Person,
  bytes: Buffer,
  { partBytes = 4_000_000, workspaceId = person.workspaceId } = {},
): Promise<Import> {
  const { id } = await person.get('imports.create', { workspaceId, fileName: 'export.zip', sizeBytes: bytes.length })
  for (let offset = 0; offset < bytes.length; offset += partBytes) {
    const answer = await person.fetch(`/api/imports/${id}/upload/${offset}`, {
      method: 'PUT',
      body: new Uint8Array(bytes.subarray(offset, offset + partBytes)),
    })
    if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`)
  }
  return person.get('imports.get', { id })
}

/** Imports a file and waits for its end. */
export async function importFile(person: Person, content: Buffer | string, options?: Parameters<typeof upload>[2]): Promise<Import> {
  const { id } = await upload(person, Buffer.from(content), options)
  return eventually(
    () => person.get('imports.get', { id }),
    ({ finishedAt }) => finishedAt !== null,
  )
}

/** One path of a question and an answer, again and again, as ChatGPT exports it. */
export function chatGptConversation(id: string, exchanges: number, { title = `About ${id}`, at = 1_700_000_000 } = {}) {
  const mapping: Record<string, unknown> = { [`${id}-root`]: { id: `${id}-root`, message: null, parent: null, children: [`${id}-0`] } }
  for (let index = 0; index < exchanges * 2; index++) {
    const role = index % 2 === 0 ? 'user' : 'assistant'
    mapping[`${id}-${index}`] = {
      id: `${id}-${index}`,
      message: chatGptMessage(role, `${role} ${index} of ${id}`, at + index),
      parent: index === 0 ? `${id}-root` : `${id}-${index - 1}`,
      children: index === exchanges * 2 - 1 ? [] : [`${id}-${index + 1}`],
    }
  }
  return {
    title,
    create_time: at,
    update_time: at + exchanges * 2,
    mapping,
    current_node: `${id}-${exchanges * 2 - 1}`,
    conversation_id: id,
  }
}

export function chatGptMessage(role: string, text: string, at: number, more: object = {}) {
  return {
    author: { role, name: null, metadata: {} },
    create_time: at,
    content: { content_type: 'text', parts: [text] },
    status: 'finished_successfully',
    metadata: role === 'assistant' ? { model_slug: 'gpt-4o' } : {},
    recipient: 'all',
    ...more,
  }
}
