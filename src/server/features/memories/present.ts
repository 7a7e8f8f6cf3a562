import type { Memory } from '../../../contract/memories.ts'
import type { MemoryRow } from './store.ts'

export const presentMemory = (row: MemoryRow): Memory => ({
  id: row.id as Memory['id'],
  workspaceId: row.workspace_id as Memory['workspaceId'],
  text: row.text,
  agentId: row.agent_id,
  source:
    row.source_id === null
      ? null
      : { conversationId: row.source_id as NonNullable<Memory['source']>['conversationId'], title: row.source_title ?? '' },
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})
