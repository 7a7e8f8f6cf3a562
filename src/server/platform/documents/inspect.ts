import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import { decodeText } from './decode-text.ts'
import { createPdfReader, type PdfReaderOptions } from './read-pdf.ts'

export type RefusalReason = 'type_unsupported' | 'type_mismatch' | 'damaged' | 'encrypted' | 'too_complex'

/** What a file is by its bytes, and what can be read of it. */
export type Inspected =
  | { kind: 'image'; mime: string; width: number; height: number }
  | { kind: 'pdf'; mime: 'application/pdf'; pageCount: number; text: string | null }
  /** `isUtf8`: the bytes are the text already. */
  | { kind: 'text'; mime: 'text/plain'; text: string; isUtf8: boolean }
  /** `isSuspicious`: it claims to be something else than it is, or is made to exhaust whoever opens it. */
  | { refused: RefusalReason; isSuspicious: boolean }

export interface Inspector {
  /** `claimedMime`: what whoever sent it says. It decides nothing but whether a refusal is suspicious. Error: `server.stopping`. */
  inspect(bytes: Buffer, claimedMime: string, name: string): Promise<Inspected>
  close(): Promise<void>
}

const images = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif'])
/** What the detector names and is text all the same. SVG is text here: as a picture it could run scripts. */
const textual = /^(text\/|application\/(xml|json|javascript|x-sh)|image\/svg)/
/** More than any camera makes; a browser would run out of memory. */
const maxPixels = 120_000_000

/** The check of a file before it is used: real type and structure, by its bytes alone. A daemon that looks for malware can follow it later. */
export function createInspector(options: PdfReaderOptions = {}): Inspector {
  const pdfs = createPdfReader(options)
  return {
    async inspect(bytes, claimedMime, name) {
      const detected = (await fileTypeFromBuffer(bytes).catch(() => undefined))?.mime
      if (detected && images.has(detected)) return inspectImage(bytes, detected)
      if (detected === 'application/pdf') {
        const read = await pdfs.read(bytes)
        if ('refused' in read) return { refused: read.refused, isSuspicious: read.refused === 'too_complex' }
        return { kind: 'pdf', mime: 'application/pdf', ...read }
      }
      if (!detected || textual.test(detected)) {
        const decoded = decodeText(bytes)
        if (decoded) return isClaimedPicture(claimedMime, name) ? mismatch : { kind: 'text', mime: 'text/plain', ...decoded }
      }
      return isClaimedPicture(claimedMime, name) || isClaimedText(claimedMime, name) ? mismatch : unsupported
    },
    close: () => pdfs.close(),
  }
}

const mismatch: Inspected = { refused: 'type_mismatch', isSuspicious: true }
const unsupported: Inspected = { refused: 'type_unsupported', isSuspicious: false }

function inspectImage(bytes: Buffer, mime: string): Inspected {
  try {
    const { width, height, orientation = 1 } = imageSize(bytes)
    if (!(width > 0) || !(height > 0)) return { refused: 'damaged', isSuspicious: false }
    if (width * height > maxPixels) return { refused: 'too_complex', isSuspicious: true }
    // A camera that was held upright turns its pictures by a mark; browsers follow it.
    return orientation >= 5 ? { kind: 'image', mime, width: height, height: width } : { kind: 'image', mime, width, height }
  } catch {
    return { refused: 'damaged', isSuspicious: false }
  }
}

const isClaimedPicture = (mime: string, name: string) =>
  images.has(mime.toLowerCase()) || mime.toLowerCase() === 'application/pdf' || /\.(png|jpe?g|webp|gif|pdf)$/i.test(name)
const isClaimedText = (mime: string, name: string) => /^text\//i.test(mime) || /\.(txt|md|csv|json|log)$/i.test(name)
