import { maxFileNameLength } from '../../../contract/attachments.ts'

/** What a name may not hold: controls, and marks that turn the direction of what follows, by which `exe.png` is written as `gnp.exe`. */
// oxlint-disable-next-line no-control-regex -- these are what is taken out
const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

/** A name to show and to save under: the last part of a path, one line, bounded, with its ending. It is never the name of anything on the server. */
export function cleanName(given: string): string {
  const last = given.normalize('NFC').replaceAll(unseen, '').split(/[/\\]/).at(-1)!.trim().replace(/^\.+/, '')
  if (last === '') return 'file'
  if (last.length <= maxFileNameLength) return last.toWellFormed()
  const ending = /\.[^.]{1,12}$/.exec(last)?.[0] ?? ''
  return (last.slice(0, maxFileNameLength - ending.length - 1) + '…' + ending).toWellFormed()
}
