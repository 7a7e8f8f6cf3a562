import type { Model } from '../../../contract/models.ts'
import type { DraftFile } from './draft-files.ts'
import { f } from './strings.ts'

/** What the model will not get as it is, said before it is sent. */
export function fileNotes(files: readonly DraftFile[], model: Model | undefined): string[] {
  if (!model) return []
  const parts = files.flatMap(({ part }) => part ?? [])
  const notes: string[] = []
  if (!model.inputs.includes('image') && parts.some(({ kind }) => kind === 'image')) notes.push(f('note.pictures', { model: model.name }))
  if (!model.inputs.includes('pdf'))
    for (const { kind, name, textTokens } of parts)
      if (kind === 'pdf' && textTokens === null) notes.push(f('note.no_text', { name, model: model.name }))
  return notes
}
