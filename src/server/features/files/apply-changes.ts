import { z } from 'zod'
import { ToolFailure } from '../tools/index.ts'

export const FileChange = z.union([
  z.strictObject({
    find: z.string().min(1).max(200_000).describe('what is there now, letter for letter'),
    replace: z.string().max(200_000),
    all: z.boolean().default(false).describe('wherever it is, and not only once'),
  }),
  z.strictObject({ afterLine: z.number().int().min(0).describe('0: before the first'), insert: z.string().min(1).max(200_000) }),
])
export type FileChange = z.infer<typeof FileChange>

/** The text with all changes, one after the other, or none of them. Throws what a model is told of the first that does not fit. */
export function applyChanges(text: string, changes: readonly FileChange[]): string {
  return changes.reduce((now, change, index) => ('find' in change ? replaced(now, change, index) : inserted(now, change, index)), text)
}

function replaced(text: string, { find, replace, all }: Extract<FileChange, { find: string }>, index: number): string {
  const first = text.indexOf(find)
  if (first < 0) throw new ToolFailure(`Change ${index + 1}: what is to be replaced is not in the file. Nothing was changed.`)
  if (all) return text.replaceAll(find, () => replace)
  if (text.includes(find, first + 1))
    throw new ToolFailure(
      `Change ${index + 1}: what is to be replaced is there more than once. Name more of what stands around it. Nothing was changed.`,
    )
  return text.slice(0, first) + replace + text.slice(first + find.length)
}

function inserted(text: string, { afterLine, insert }: Extract<FileChange, { insert: string }>, index: number): string {
  const lines = text.split('\n')
  if (afterLine > lines.length) throw new ToolFailure(`Change ${index + 1}: the file has ${lines.length} lines. Nothing was changed.`)
  return [...lines.slice(0, afterLine), insert.replace(/\n$/, ''), ...lines.slice(afterLine)].join('\n')
}
