import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Inspected } from '../../platform/documents/index.ts'
import { createLane } from '../../platform/jobs/lane.ts'
import type { FileDeps } from './file-deps.ts'
import * as store from './store.ts'

/** A file is in memory while it is looked at, however many come at once. PDFs take long and are read one after the other, people's in turn: nothing else waits for them. */
const pdfs = createLane(1)
const others = createLane(2)

type CheckDeps = Pick<FileDeps, 'db' | 'files' | 'inspector' | 'llm' | 'log'>
type CheckedRow = Pick<store.AttachmentRow, 'id' | 'file_id' | 'key' | 'claimed_mime' | 'name' | 'user_id'>

/** Looks at what was stored: ready, or why not. Any process may do it again where one died in the middle. */
export async function checkFile(deps: CheckDeps, row: CheckedRow): Promise<void> {
  await findOutState(deps, row)
  if (await store.hasFile(deps.db, row.file_id)) return
  // Deleted while it was on its way: the sweeper may have been here before the bytes were.
  await deps.files.delete(`${row.key}.txt`)
  await deps.files.delete(row.key)
}

async function findOutState(deps: CheckDeps, row: CheckedRow): Promise<void> {
  await store.advance(deps.db, row.id, 'stored', 'scanning')
  const lane = (await beginsAsPdf(deps.files, row.key)) ? pdfs : others
  const found = await lane(row.user_id, async () => {
    const bytes = await deps.files.read(row.key)
    return bytes && deps.inspector.inspect(bytes, row.claimed_mime, row.name)
  })
  if (!found) {
    await store.refuse(deps.db, row.id, 'failed', 'interrupted')
    return
  }
  if ('refused' in found) {
    const isRefused = await store.refuse(deps.db, row.id, found.isSuspicious ? 'quarantined' : 'failed', found.refused)
    // Where somebody else has checked it meanwhile, it may be in use.
    if (isRefused && !found.isSuspicious) await deps.files.delete(row.key)
    return
  }
  await store.setFoundOut(deps.db, row.file_id, await foundOut(deps, row.key, found))
  await store.advance(deps.db, row.id, 'scanning', 'ready')
}

async function beginsAsPdf(files: FileDeps['files'], key: string): Promise<boolean> {
  const beginning = await files.open(key, { start: 0, end: 16 })
  return beginning !== undefined && (await buffer(beginning)).includes('%PDF')
}

type Usable = Exclude<Inspected, { refused: unknown }>

async function foundOut({ files, llm }: Pick<FileDeps, 'files' | 'llm'>, key: string, found: Usable): Promise<store.FoundOut> {
  const { kind, mime } = found
  const nothing = { kind, mime, width: null, height: null, page_count: null, text_key: null, text_tokens: null }
  if (found.kind === 'image') return { ...nothing, width: found.width, height: found.height }
  const text =
    found.text === null ? {} : { text_key: await keepText(files, key, found, found.text), text_tokens: llm.estimateTokens(found.text) }
  return { ...nothing, ...text, ...(found.kind === 'pdf' && { page_count: found.pageCount }) }
}

async function keepText(files: FileDeps['files'], key: string, found: Usable, text: string): Promise<string> {
  if (found.kind === 'text' && found.isUtf8) return key
  const textKey = `${key}.txt`
  await files.put(textKey, Readable.from([Buffer.from(text)]), Number.MAX_SAFE_INTEGER)
  return textKey
}
