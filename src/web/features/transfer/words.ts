import type { Import, ImportNotes } from '../../../contract/imports.ts'
import { importNotes, importOutcomes } from '../../../contract/import-choices.ts'
import { s } from './strings.ts'

export function notesInWords(notes: ImportNotes): string[] {
  return importNotes.flatMap((name) => {
    const count = notes[name]
    return count ? [s(`note.${name}`, { count })] : []
  })
}

export const isRunning = ({ finishedAt }: Import): boolean => finishedAt === null

/** From 0 to 1. Null: nobody knows. */
export function shareOf(one: Import): number | null {
  return one.status === 'uploading' ? one.receivedBytes / one.sizeBytes : one.progress
}

export function statusInWords(one: Import, isUploading: boolean): string {
  const percent = Math.floor((shareOf(one) ?? 0) * 100)
  if (one.status === 'uploading') return s(isUploading ? 'status.uploading' : 'status.broken', { percent })
  if (one.status === 'processing') return one.progress === null ? s('status.processing.begin') : s('status.processing', { percent })
  return s(`status.${one.status}`)
}

export function countsInWords({ counts }: Import): string[] {
  return importOutcomes.flatMap((outcome) => (counts[outcome] > 0 ? [s(`count.${outcome}`, { count: counts[outcome] })] : []))
}
