import { expect, test } from 'vitest'
import type { FilePart } from '../../../contract/messages.ts'
import type { Model } from '../../../contract/models.ts'
import type { DraftFile } from './draft-files.ts'
import { fileNotes } from './file-notes.ts'
import { sizeText } from './size-text.ts'

const model = (inputs: Model['inputs']) => ({ name: 'Wren', inputs }) as Model
const file = (part: Partial<FilePart>) => ({ part: { type: 'file', name: 'scan.pdf', textTokens: null, ...part } }) as DraftFile

test('what a model does not get as it is, is said once for pictures and for each PDF without text', () => {
  const files = [
    file({ kind: 'image' }),
    file({ kind: 'image' }),
    file({ kind: 'pdf' }),
    file({ kind: 'pdf', textTokens: 40 }),
    file({ kind: 'text' }),
  ]
  expect(fileNotes(files, model([]))).toEqual([
    'Wren takes no pictures: it will be told that they are there.',
    'scan.pdf has no text that Wren could read.',
  ])
  expect(fileNotes(files, model(['image', 'pdf']))).toEqual([])
  expect(fileNotes(files, undefined)).toEqual([])
  expect(fileNotes([], model([]))).toEqual([])
})

test('sizes are said as people read them', () => {
  expect([999, 1000, 4_321, 1_440_000].map(sizeText)).toEqual(['999 B', '1 kB', '4 kB', '1.4 MB'])
})
