import { z } from 'zod'
import { Instant } from './ids.ts'
import { PromptVariable } from './prompts.ts'

export const promptFormat = 'parley.prompts/1'

export const FilePrompt = z.object({
  name: z.string(),
  content: z.string().describe('the text, in which everything else stands: `{{variables}}`, their types, defaults and descriptions'),
  variables: z.array(PromptVariable).describe('derived from the text, for readers who do not want to derive them; not read by an import'),
  createdAt: Instant,
  updatedAt: Instant,
})
export type FilePrompt = z.infer<typeof FilePrompt>

/** Prompts as a file. Described in docs/design/prompt-file.md. */
export const PromptFile = z.object({ format: z.literal(promptFormat), exportedAt: Instant, prompts: z.array(FilePrompt) })
export type PromptFile = z.infer<typeof PromptFile>
