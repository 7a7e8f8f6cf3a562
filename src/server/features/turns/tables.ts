import type { Generated, JSONColumnType } from 'kysely'
import type { ErrorNotice } from '../../../contract/errors.ts'
import type { KeyOrigin, Provider } from '../../../contract/models.ts'
import type { ToolCallState, TurnState } from '../../../contract/messages.ts'
import type { LoggedEvent, SnapshotPrice, SnapshotSettings, TaskPrompt } from './snapshot.ts'

/** One row per running server process; see `process-lease.ts`. */
export interface ProcessTable {
  id: string
  lease_until: Date
  started_at: Generated<Date>
}

/** The immutable settings a task ran with, shared by tasks with equal ones. */
export interface SettingsSnapshotTable {
  id: string
  workspace_id: string
  hash: Uint8Array
  provider: Provider
  model_id: string
  model_name: string
  connection_id: string
  key_origin: KeyOrigin
  system_prompt: string | null
  settings: JSONColumnType<SnapshotSettings>
  price: JSONColumnType<SnapshotPrice>
  created_at: Generated<Date>
}

export interface TurnTable {
  id: string
  workspace_id: string
  actor_id: string
  conversation_id: string | null
  user_message_id: string | null
  answer_message_id: string | null
  state: TurnState
  /** Fencing token: every write of the engine names the epoch it believes in. */
  epoch: Generated<number>
  process_id: string | null
  takeovers: Generated<number>
  step: Generated<number>
  settings_id: string
  api_key_id: string | null
  stop_requested_at: Date | null
  error: JSONColumnType<ErrorNotice> | null
  idempotency_key: string | null
  fingerprint: Uint8Array | null
  created_at: Generated<Date>
  started_at: Date | null
  finished_at: Date | null
}

export type TaskStatus = 'running' | 'completed' | 'failed' | 'stopped' | 'interrupted'

/** One row per model call. */
export interface TaskTable {
  id: string
  workspace_id: string
  turn_id: string
  step: number
  attempt: number
  status: TaskStatus
  settings_id: string
  prompt: JSONColumnType<TaskPrompt>
  finish_reason: string | null
  provider_request_id: string | null
  input_tokens: number | null
  output_tokens: number | null
  reasoning_tokens: number | null
  cache_read_tokens: number | null
  cache_write_tokens: number | null
  is_estimated: Generated<boolean>
  cost_nano_usd: bigint | null
  first_token_ms: number | null
  latency_ms: number | null
  error: JSONColumnType<ErrorNotice> | null
  reserved_nano_usd: Generated<bigint>
  budget_ids: Generated<string[]>
  period_starts_at: Generated<Date[]>
  created_at: Generated<Date>
  finished_at: Date | null
}

/** `allowed`: a person said yes and it has not begun yet. The other states are the contract's. */
export type StoredCallState = ToolCallState | 'allowed'

export interface ToolCallTable {
  id: string
  workspace_id: string
  turn_id: string
  step: number
  call_id: string
  tool_name: string
  arguments: JSONColumnType<object>
  state: StoredCallState
  is_repeatable: boolean
  result: string | null
  decided_by: string | null
  decided_at: Date | null
  started_at: Date | null
  finished_at: Date | null
  created_at: Generated<Date>
}

/** Of a conversation, or of an agent and the person who decided. */
export interface ToolPermissionTable {
  id: string
  workspace_id: string
  conversation_id: string | null
  agent_id: string | null
  tool_name: string
  decision: 'allow' | 'deny'
  decided_by: string
  created_at: Generated<Date>
}

export interface TurnEventTable {
  turn_id: string
  epoch: number
  first_seq: number
  last_seq: number
  events: JSONColumnType<LoggedEvent[]>
  created_at: Generated<Date>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    process: ProcessTable
    settings_snapshot: SettingsSnapshotTable
    turn: TurnTable
    task: TaskTable
    tool_call: ToolCallTable
    tool_permission: ToolPermissionTable
    turn_event: TurnEventTable
  }
}
