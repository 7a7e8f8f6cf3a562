import type { Generated, JSONColumnType } from 'kysely'
import type { PromptVariable } from '../../../contract/prompt-text.ts'

/** A text that is used again. */
export interface PromptTable {
  id: string
  workspace_id: string
  owner_id: string
  name: string
  visibility: Generated<'own' | 'workspace'>
  /** The number of the newest version. */
  version: Generated<number>
  used_at: Generated<Date | null>
  deleted_at: Generated<Date | null>
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

/** What it said at one time. Not changed any more once it was used. */
export interface PromptVersionTable {
  id: string
  workspace_id: string
  prompt_id: string
  number: number
  content: string
  /** Derived from the content. */
  variables: JSONColumnType<PromptVariable[]>
  used_at: Generated<Date | null>
  /** When others could read it first. */
  shared_at: Generated<Date | null>
  created_at: Generated<Date>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    prompt: PromptTable
    prompt_version: PromptVersionTable
  }
}
