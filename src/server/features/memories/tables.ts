import type { Generated } from 'kysely'

/** Something a model was asked to keep of a person. */
export interface MemoryTable {
  id: string
  workspace_id: string
  owner_id: string
  /** Null: for every conversation. */
  agent_id: string | null
  text: string
  /** Null where its owner wrote it. */
  source_conversation_id: string | null
  source_turn_id: string | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

/** Without a row it is on. */
export interface MemorySwitchTable {
  id: string
  workspace_id: string
  owner_id: string
  is_on: boolean
  updated_at: Generated<Date>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    memory: MemoryTable
    memory_switch: MemorySwitchTable
  }
}
