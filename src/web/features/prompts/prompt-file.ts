import type { WorkspaceId } from '../../../contract/ids.ts'
import { maxPromptFileLength } from '../../../contract/prompt-text.ts'
import type { ImportedPrompt, Prompt } from '../../../contract/prompts.ts'
import { api } from '../../api.ts'
import { toApiError } from '../../errors.ts'
import { p } from './strings.ts'
import { saveText } from '../artifacts/save-text.ts'

type Exported = Awaited<ReturnType<typeof api.prompts.export>>['prompts'][number]

/** As `PromptFile` says; checked where it is read. */
const fileOf = (prompts: readonly Exported[]) =>
  JSON.stringify({ format: 'parley.prompts/1', exportedAt: new Date().toISOString(), prompts }, null, 2)

/** One's own prompts as JSON files, of which each can be imported again. Almost always it is one. */
export async function saveAllPrompts(workspaceId: WorkspaceId): Promise<number> {
  const all: Exported[] = []
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof api.prompts.export>> = await api.prompts.export({ workspaceId, ...(cursor && { cursor }) })
    all.push(...page.prompts)
    cursor = page.nextCursor
    if (!cursor) break
  }
  const files = filesOf(all)
  files.forEach((text, index) => saveText(files.length === 1 ? 'prompts.json' : `prompts ${index + 1}.json`, text))
  return all.length
}

function filesOf(all: readonly Exported[]): string[] {
  const whole = fileOf(all)
  if (whole.length <= maxPromptFileLength || all.length < 2) return [whole]
  const half = Math.ceil(all.length / 2)
  return [...filesOf(all.slice(0, half)), ...filesOf(all.slice(half))]
}

/** One prompt, to be read and written in any editor. */
export function savePromptAsMarkdown({ name, content }: Pick<Prompt, 'name' | 'content'>): void {
  const fileName = name
    .replaceAll(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .replace(/^[. ]+/, '')
    .trim()
  saveText(`${fileName || 'prompt'}.md`, `---\nname: ${JSON.stringify(name)}\n---\n\n${content}\n`)
}

export type FileReport = { fileName: string } & ({ prompts: readonly ImportedPrompt[] } | { error: string })

/** One file after the other; one that cannot be read keeps no other from being. */
export async function importFiles(workspaceId: WorkspaceId, files: readonly File[], onReport: (report: FileReport) => void): Promise<void> {
  for (const file of files) {
    const fileName = file.name.slice(0, 255)
    try {
      // Four bytes a character at most: what is larger need not be read.
      const text = file.size <= maxPromptFileLength * 4 ? await file.text() : '\0'
      if (text.length > maxPromptFileLength || text.includes('\0')) onReport({ fileName, error: p('import.unreadable') })
      else onReport({ fileName, prompts: (await api.prompts.import({ workspaceId, fileName, text })).prompts })
    } catch (error) {
      const { message, action } = toApiError(error)
      onReport({ fileName, error: `${message} ${action}` })
    }
  }
}
