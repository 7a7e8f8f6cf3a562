import { a } from './strings.ts'

/** In pixels: sharp at the largest size that it is shown in, on any screen. */
const side = 256
/** More than a camera makes; a browser would unpack it on this device. */
const maxBytes = 20 * 1024 * 1024

/** Fails with it: its message may be shown as it is. */
export class PictureError extends Error {}

/** The middle of a picture, small, and without what a camera wrote into it, such as where it was taken. */
export async function squarePicture(file: Blob): Promise<Blob> {
  if (file.size > maxBytes) throw new PictureError(a('picture.large'))
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new PictureError(a('picture.none'), { cause })
  })
  const shorter = Math.min(bitmap.width, bitmap.height)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = Math.min(side, shorter)
  const [x, y] = [(bitmap.width - shorter) / 2, (bitmap.height - shorter) / 2]
  canvas.getContext('2d')?.drawImage(bitmap, x, y, shorter, shorter, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  // Where a browser cannot write WebP it writes PNG.
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', 0.9))
  if (!blob) throw new PictureError(a('picture.none'))
  return blob
}

export function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(typeof reader.result === 'string' ? (reader.result.split(',')[1] ?? '') : '')
    reader.onerror = () => reject(new PictureError(a('picture.none')))
    reader.readAsDataURL(blob)
  })
}
