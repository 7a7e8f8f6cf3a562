import { Readable } from 'node:stream'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { ZipFile } from 'yazl'
import { conversationFormat } from '../../../contract/conversation-file.ts'
import { AppError } from '../../platform/errors/index.ts'
import { requireConversation } from '../conversations/index.ts'
import { conversationJson } from './conversation-json.ts'
import { conversationMarkdown } from './conversation-markdown.ts'
import type { Download } from './export-conversation.ts'
import { fileNameOf } from './file-name.ts'
import * as store from './store.ts'

const idsAtOnce = 200
const nil = '00000000-0000-0000-0000-000000000000'

export async function countExport(deps: Pick<Deps, 'db'>, actor: Actor, workspaceId: string): Promise<{ conversations: number }> {
  check(actor, 'conversation', 'read', { workspaceId })
  return { conversations: await store.countOwn(deps.db, { workspaceId, ownerId: actor.principalId }) }
}

/** All of one's own conversations in a workspace: what is in memory is a page of one of them. */
export async function exportAll(deps: Pick<Deps, 'db' | 'log'>, actor: Actor, workspaceId: string): Promise<Download> {
  check(actor, 'message', 'read', { workspaceId })
  return {
    fileName: `parley-${new Date().toISOString().slice(0, 10)}.zip`,
    contentType: 'application/zip',
    pieces: archive(deps, actor, workspaceId),
  }
}

async function* archive(deps: Pick<Deps, 'db' | 'log'>, actor: Actor, workspaceId: string): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  const filled = fill(deps, actor, workspaceId, zip, output)
  // Whoever reads the archive is told by its end.
  filled.catch((error: Error) => output.destroy(error))
  try {
    for await (const chunk of output) yield chunk as Uint8Array
    await filled
  } finally {
    output.destroy()
    await filled.catch(() => undefined)
  }
}

/** Files one after the other, the next one once the last is written: the archive never waits in memory. */
async function fill(deps: Pick<Deps, 'db' | 'log'>, actor: Actor, workspaceId: string, zip: ZipFile, output: Readable): Promise<void> {
  const gone = new Promise<void>((resolve) => output.once('close', resolve))
  const write = async (name: string, pieces: AsyncIterable<string>, mtime: Date) => {
    const source = Readable.from(pieces, { objectMode: false, highWaterMark: 256 * 1024 })
    const ended = new Promise<void>((resolve, reject) => source.once('end', resolve).once('error', reject))
    zip.addReadStream(source, name, { mtime })
    await Promise.race([ended, gone])
    if (output.destroyed) source.destroy()
  }
  let count = 0
  let after = nil
  for (;;) {
    const ids = await store.listOwn(deps.db, { workspaceId, ownerId: actor.principalId, after, limit: idsAtOnce })
    if (ids.length === 0) break
    for (const id of ids) {
      if (output.destroyed) return
      const conversation = await requireConversation(deps.db, actor, id).catch((error: unknown) => {
        // Deleted since.
        if (error instanceof AppError) return undefined
        throw error
      })
      if (!conversation) continue
      // The end of an id alone tells equal titles apart: ids begin with the time.
      const name = `${fileNameOf(conversation.title)} ${id.slice(-6)}`
      await write(`conversations/${id}.json`, conversationJson(deps.db, actor.principalId, conversation), conversation.updated_at)
      await write(`markdown/${name}.md`, conversationMarkdown(deps.db, conversation), conversation.updated_at)
      count++
    }
    after = ids.at(-1)!
  }
  const manifest = { format: 'parley.export/1', conversationFormat, exportedAt: new Date().toISOString(), conversations: count }
  zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), 'manifest.json')
  zip.end()
}
