import { beginningOf } from '../../platform/db/index.ts'

/** So much of a result a model gets at once, and with every following call. Tools that page by themselves stay below it. */
export const shownLength = 24_000
/** So much one turn may keep beside what its models have read. */
export const maxKeptLength = 16_000_000

/** A piece of a long result, never ending within a character. */
export function pieceOf(text: string, offset: number, length: number): string {
  return beginningOf(text.slice(offset), length)
}

/** What a model is told behind a result of which it has the first part only. */
export function howToReadOn({ id, length }: { id: string; length: number }, shown: number): string {
  return `[These are the first ${shown} of ${length} characters. To read on, call ${readMoreName} with {"result": "${id}", "offset": ${shown}}.]`
}

export const readMoreName = 'read_more'
