// Import of an archive of ChatGPT's into PostgreSQL: how fast from the last byte of the upload to the end, and how much memory the server takes meanwhile.
//   node bench/import.ts [--megabytes 500] [--database postgres] [--deep 100000] [--entry src/server/main.ts]
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { conversationText, writeArchive } from './chatgpt-archive.ts'
import { json } from './client.ts'
import { type DatabaseKind, openStage, processorTimeMs, residentMb, type Stage } from './stage.ts'

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '500' },
    database: { type: 'string', default: 'postgres' },
    deep: { type: 'string' },
    entry: { type: 'string', default: 'dist/server/main.js' },
  },
})
const partBytes = 8 * 1024 * 1024

interface Import {
  id: string
  status: string
  error: string | null
  counts: Record<string, number>
  messages: number
}

async function upload(stage: Stage, path: string): Promise<string> {
  await using file = await open(path)
  const { size } = await file.stat()
  const { id } = await json<Import>({
    url: `${stage.url}/api/workspaces/${stage.workspaceId}/imports`,
    headers: stage.headers,
    body: { fileName: 'export.zip', sizeBytes: size },
  })
  const part = Buffer.alloc(partBytes)
  for (let offset = 0; offset < size; ) {
    const { bytesRead } = await file.read(part, 0, partBytes, offset)
    const answer = await fetch(`${stage.url}/api/imports/${id}/upload/${offset}`, {
      method: 'PUT',
      headers: stage.headers,
      body: part.subarray(0, bytesRead),
    })
    if (!answer.ok) throw new Error(await answer.text())
    offset += bytesRead
  }
  return id
}

async function measure(stage: Stage, name: string, path: string, bytes: number): Promise<void> {
  const before = await residentMb(stage.pid)
  const uploading = performance.now()
  const id = await upload(stage, path)
  const startedAt = performance.now()
  const processor = -processorTimeMs(stage.pid)
  let mostMb = before
  let state: Import
  do {
    await new Promise((resolve) => setTimeout(resolve, 200))
    mostMb = Math.max(mostMb, await residentMb(stage.pid))
    state = await json<Import>({ url: `${stage.url}/api/imports/${id}`, method: 'GET', headers: stage.headers })
  } while (state.status === 'pending' || state.status === 'processing')
  const seconds = (performance.now() - startedAt) / 1000
  const megabytes = bytes / 1e6
  console.log(
    `${name}: ${state.status}${state.error ? ` (${state.error})` : ''} ${JSON.stringify(state.counts)}, ${state.messages} messages; ${seconds.toFixed(1)} s, ` +
      `${(megabytes / seconds).toFixed(1)} MB/s, ${Math.round(state.messages / seconds)} messages/s; upload ${((startedAt - uploading) / 1000).toFixed(1)} s; ` +
      `processor ${((processor + processorTimeMs(stage.pid)) / 1000).toFixed(1)} s; memory ${before} MB before, ${mostMb} MB at most`,
  )
}

const dir = await mkdtemp(join(tmpdir(), 'parley-bench-import-'))
try {
  const path = join(dir, 'export.zip')
  await using stage = await openStage(values.database as DatabaseKind, values.entry)
  if (values.deep) {
    const deep = join(dir, 'deep.json')
    await using file = await open(deep, 'w')
    for (const piece of conversationText(1_000_000, Number(values.deep))) await file.write(piece)
    await measure(stage, `${values.deep} messages in one`, deep, (await file.stat()).size)
  }
  const written = await writeArchive(path, Number(values.megabytes) * 1e6)
  console.log(`${(written.bytes / 1e6).toFixed(0)} MB of text, ${written.conversations} conversations, ${written.messages} messages`)
  await measure(stage, 'first time', path, written.bytes)
  await measure(stage, 'again', path, written.bytes)
} finally {
  await rm(dir, { recursive: true, force: true })
}
