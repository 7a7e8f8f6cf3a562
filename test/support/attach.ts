import type { Attachment } from '../../src/contract/attachments.ts'
import type { Person } from './test-app.ts'

const mimes: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
}

export async function plan(
  person: Person,
  name: string,
  sizeBytes: number,
  more: { conversationId?: string; mime?: string; sha256?: string } = {},
) {
  const mime = more.mime ?? mimes[name.split('.').at(-1)!] ?? ''
  return person.get('attachments.plan', { workspaceId: person.workspaceId, name, sizeBytes, ...more, mime } as never)
}

/** Sends bytes to an address that was planned. */
export function put(person: Person, path: string, bytes: Uint8Array | string): Promise<Response> {
  return person.fetch(path, { method: 'PUT', body: bytes as BodyInit, headers: { 'content-type': 'application/octet-stream' } })
}

/** As the composer does it. Answers with the state that came of it. */
export async function attach(
  person: Person,
  name: string,
  content: Uint8Array | string,
  conversationId?: string,
  mime?: string,
): Promise<Attachment> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const { upload } = await plan(person, name, bytes.byteLength, {
    ...(conversationId && { conversationId }),
    ...(mime !== undefined && { mime }),
  })
  const response = await put(person, upload.path, bytes)
  if (!response.ok) throw new Error(`${name} was refused: ${await response.text()}`)
  return (await response.json()) as Attachment
}
