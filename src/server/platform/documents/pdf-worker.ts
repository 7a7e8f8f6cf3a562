import { parentPort } from 'node:worker_threads'
import { getDocumentProxy } from 'unpdf'

export interface PdfRequest {
  data: Uint8Array<ArrayBuffer>
}

export type PdfReply = { pageCount: number; text: string | null } | { refused: 'damaged' | 'encrypted' }

/** More than any model reads; the rest is left out. */
const maxCharacters = 4_000_000
const maxPages = 2_000

async function read(data: Uint8Array<ArrayBuffer>): Promise<PdfReply> {
  try {
    const pdf = await getDocumentProxy(data, { disableFontFace: true, useSystemFonts: false, verbosity: 0 })
    let text = ''
    for (let number = 1; number <= Math.min(pdf.numPages, maxPages) && text.length < maxCharacters; number++) {
      const page = await pdf.getPage(number)
      const { items } = await page.getTextContent()
      let said = ''
      for (const item of items) if ('str' in item) said += item.str + (item.hasEOL ? '\n' : '')
      if (said.trim() !== '') text += `[Page ${number}]\n${said.trim()}\n\n`
      page.cleanup()
    }
    return { pageCount: pdf.numPages, text: text === '' ? null : text.slice(0, maxCharacters).trimEnd() }
  } catch (error) {
    return { refused: error instanceof Error && error.name === 'PasswordException' ? 'encrypted' : 'damaged' }
  }
}

if (!parentPort) throw new Error('The PDF worker runs as a worker thread.')
const port = parentPort
port.once('message', ({ data }: PdfRequest) => {
  void read(data).then((reply) => port.postMessage(reply))
})
