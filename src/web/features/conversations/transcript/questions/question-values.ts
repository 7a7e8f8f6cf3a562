import type { AnswerValues, QuestionField } from '../../../../../contract/tool-questions.ts'

/** As the fields of a form hold them. */
export type Entered = Record<string, string | boolean | string[]>

export function initialOf(fields: readonly QuestionField[]): Entered {
  return Object.fromEntries(
    fields.map((field) => {
      if (field.type === 'boolean') return [field.name, field.default ?? false]
      if (field.type === 'choices') return [field.name, field.default ?? []]
      return [field.name, field.default === null ? '' : String(field.default)]
    }),
  )
}

/** What is left empty is left out; whether it may be is the server's to say. */
export function valuesOf(fields: readonly QuestionField[], entered: Entered): AnswerValues {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = entered[field.name]
      if (value === undefined || value === '') return []
      if (field.type === 'choices' && (value as string[]).length === 0 && !field.isRequired) return []
      return [[field.name, field.type === 'number' ? numberOf(value as string) : value]]
    }),
  )
}

/** JSON has no word for what is no number; the server has one for a text in its place. */
function numberOf(text: string): number | string {
  const number = Number(text)
  return text.trim() !== '' && Number.isFinite(number) ? number : text
}
