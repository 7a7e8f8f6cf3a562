import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** Puts `.br` and `.gz` beside every text file worth it, so that the server compresses no file while somebody waits. */
export async function compressFiles(folder: string) {
  const work: Promise<void>[] = []
  for await (const file of glob('**/*.{js,css,html,svg,json,txt,webmanifest}', { cwd: folder })) work.push(compressFile(join(folder, file)))
  await Promise.all(work)
}

async function compressFile(file: string) {
  const content = await readFile(file)
  if (content.length < 1024) return
  const [small, older] = await Promise.all([
    brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
    zip(content, { level: 9 }),
  ])
  await Promise.all([writeFile(`${file}.br`, small), writeFile(`${file}.gz`, older)])
}
