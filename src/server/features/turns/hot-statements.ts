import type { ErrorCode, ErrorNotice } from '../../../contract/errors.ts'
import type { TokenCounts, ToolCallState, TurnState } from '../../../contract/messages.ts'
import type { Provider, ThinkingLevel } from '../../../contract/models.ts'
import type { WebSearch } from '../../../contract/web-search.ts'
import { type Database, storableJson } from '../../platform/db/index.ts'
import type { StoredPart } from '../conversations/index.ts'
import type { FilesOfMessage } from '../files/index.ts'
import type { LoggedEvent, Snapshot, TaskPrompt } from './snapshot.ts'
import type { TaskStatus } from './tables.ts'

// What every turn asks of the database, and nothing else: each a prepared statement of one round trip. The rest is in `store.ts`.

type Caller = Pick<Database, 'call'>

/** Big integers travel as strings in JSON. */
function text(amount: bigint | null): string | null {
  return amount === null ? null : String(amount)
}

export interface AcceptItem {
  turnId: string
  taskId: string
  workspaceId: string
  /** Null for an ephemeral turn. */
  conversationId: string | null
  actorId: string
  actorWorkspaceIds: string[]
  apiKeyId: string | null
  processId: string
  userMessageId: string
  answerMessageId: string
  userBranchId: string
  answerBranchId: string
  parts: StoredPart[] | null
  preview: string | null
  title: string
  hasParent: boolean
  parentId: string | null
  tryAgain: string | null
  /** Known to be in the database already. */
  settingsId: string | null
  settings: Snapshot | null
  isOwnKey: boolean
  /** Null: the price is unknown. */
  reserveNanoUsd: bigint | null
  prompt: TaskPrompt
  idempotencyKey: string | null
  fingerprint: string | null
  /** Of an answer that goes on with another one: what it begins with, and the step at which it goes on. */
  begunParts?: StoredPart[]
  step?: number
  /** Files of the message, which are attached with it. */
  attachments?: FilesOfMessage['claims']
  /** Of a guest's message. */
  isGuest?: boolean
  /** It opens its conversations to all of its contacts. */
  installationId?: string | null
  externalId?: string | null
  /** What a model reads in place of its words. */
  structuredPrompt?: string | null
  language?: string | null
  /** The id on the platform of what it replies to. */
  replyTo?: string | null
  entityType?: string | null
  entityId?: string | null
}

export type Accepted =
  | { error: ErrorCode }
  | {
      error?: undefined
      turnId: string
      state: TurnState
      userMessageId: string | null
      answerMessageId: string | null
      settingsId: string
      /** What the question comes after. */
      parentId: string | null
      ownerId: string | null
      isReplay: boolean
    }

/** See `accept_turns` in the migrations. */
export async function acceptTurns({ call }: Caller, items: AcceptItem[]): Promise<Accepted[]> {
  const given = storableJson(items.map((item) => ({ ...item, reserveNanoUsd: text(item.reserveNanoUsd) })))
  const [row] = await call<{ results: Accepted[] }>('accept_turns', 'select accept_turns($1::jsonb) as results', [given])
  return row!.results
}

export interface EndedTask {
  id: string
  usageId: string
  /** `answer` by default. */
  purpose?: 'answer' | 'embedding' | 'title' | 'summary' | 'tool' | 'guardrail'
  /** What it was for, where the turn itself is in no conversation. */
  conversationId?: string | null
  messageId?: string | null
  /** No model was asked: it leaves no usage row. */
  isUncalled?: true
  status: Exclude<TaskStatus, 'running'>
  finishReason: string | null
  requestId: string | null
  tokens: TokenCounts
  isEstimated: boolean
  costNanoUsd: bigint | null
  firstTokenMs: number | null
  latencyMs: number
  error: ErrorNotice | null
}

export interface NewToolCall {
  id: string
  step: number
  callId: string
  toolName: string
  arguments: unknown
  state: ToolCallState
  isRepeatable: boolean
  result: string | null
}

export interface NextTask {
  taskId: string
  step: number
  attempt: number
  isOwnKey: boolean
  reserveNanoUsd: bigint | null
  prompt: TaskPrompt
}

/** See `write_turns` in the migrations for what each field does. */
export interface TurnWrite {
  turnId: string
  epoch: number
  processId: string
  log: { first: number; last: number; events: LoggedEvent[] }[]
  parts?: StoredPart[]
  preview?: string | null
  task?: EndedTask
  calls?: NewToolCall[]
  results?: { id: string; state: ToolCallState; result: string }[]
  wait?: boolean
  next?: NextTask
  end?: { state: 'completed' | 'stopped' | 'failed'; error: ErrorNotice | null }
}

export interface TurnWritten {
  /** Somebody else has this turn now, or it ended: nothing was written. */
  fenced?: true
  stop: boolean
  refusal: ErrorCode | null
  /** Rows of calls that a person allowed meanwhile and that are marked running now. */
  run: string[]
  /** Calls that a person refused meanwhile. */
  denied: { id: string; result: string }[]
  waiting: boolean
  followUps: string[]
  ownerId: string | null
  /** The answer is to be sent to a contact. */
  delivers: boolean
  /** Whoever looks after what the conversation costs has to look again. */
  isWatched: boolean
}

function toJson({ task, next, ...item }: TurnWrite): object {
  return {
    ...item,
    ...(task && { task: { ...task, costNanoUsd: text(task.costNanoUsd) } }),
    ...(next && { next: { ...next, reserveNanoUsd: text(next.reserveNanoUsd) } }),
  }
}

export async function writeTurns({ call }: Caller, items: TurnWrite[]): Promise<TurnWritten[]> {
  const given = storableJson(items.map(toJson))
  const [row] = await call<{ results: TurnWritten[] }>('write_turns', 'select write_turns($1::jsonb) as results', [given])
  return row!.results
}

export interface FlushItem {
  turnId: string
  epoch: number
  first: number
  last: number
  events: LoggedEvent[]
}

const appendStatement = `
  with item as (
    select * from jsonb_to_recordset($1::jsonb) as i ("turnId" uuid, epoch int, first int, last int, events jsonb)
  ), inserted as (
    insert into turn_event (turn_id, epoch, first_seq, last_seq, events)
    select i."turnId", i.epoch, i.first, i.last, i.events from item i join turn t on t.id = i."turnId" and t.epoch = i.epoch and t.state = 'running'
    returning turn_id
  )
  select i."turnId" as id, n.turn_id is not null as written, coalesce(t.stop_requested_at is not null, false) as stop
  from item i left join turn t on t.id = i."turnId" left join inserted n on n.turn_id = i."turnId"`

/** One insert for all streams of the process. Answers, per turn, whether it was written (else fenced) and whether somebody asked it to stop. */
export async function appendEvents({ call }: Caller, items: FlushItem[]): Promise<Map<string, { written: boolean; stop: boolean }>> {
  const rows = await call<{ id: string; written: boolean; stop: boolean }>('append_turn_events', appendStatement, [storableJson(items)])
  return new Map(rows.map((row) => [row.id, row]))
}

export interface StartPlace {
  workspace_id: string
  model_id: string | null
  connection_id: string | null
  agent_id: string | null
  head_id: string | null
  system_prompt: string | null
  temperature: number | null
  max_tokens: number | null
  top_p: number | null
  thinking: ThinkingLevel | null
  web_search: WebSearch | null
  /** What the last call of the answer at the head read and wrote together; null where that is not known. */
  tokens_before: number | null
}

const placeStatement = `
  select c.workspace_id, c.model_id, c.connection_id, c.agent_id, c.head_id, s.system_prompt, s.temperature, s.max_tokens, s.top_p, s.thinking, s.web_search, last.tokens as tokens_before
  from conversation c left join conversation_settings s on s.conversation_id = c.id left join lateral (
    select coalesce(k.input_tokens, 0) + coalesce(k.output_tokens, 0) as tokens from turn t join task k on k.turn_id = t.id
    where t.answer_message_id = c.head_id and k.input_tokens is not null order by k.step desc, k.attempt desc limit 1
  ) last on true
  where c.id = $1 and c.deleted_at is null and (c.owner_id = $2 or c.installation_id = $4
    or c.visibility = 'workspace' and c.source in ('web', 'api') and c.workspace_id = any ($3::uuid[]))`

/** A conversation in which the actor may write; the accept asks the same again under its lock. */
export async function findStartPlace(
  { call }: Caller,
  viewer: { principalId: string; workspaceIds: string[]; installationId: string | null },
  conversationId: string,
): Promise<StartPlace | undefined> {
  const [row] = await call<StartPlace>('find_start_place', placeStatement, [
    conversationId,
    viewer.principalId,
    viewer.workspaceIds,
    viewer.installationId,
  ])
  return row
}

/** A message of the path that a model reads. */
export interface PathMessage {
  role: 'user' | 'assistant' | 'system'
  parts: StoredPart[]
  /** The provider that wrote it: its signatures mean nothing to another. */
  provider: Provider | null
  /** Stands for everything up to and with this message. */
  summary?: string | null
}

/** More of a conversation than any model reads at once; what does not fit its context is cut further. */
const maxMessages = 400

const pathStatement = `
  with recursive leaf as (
    select branch_id, depth from message where id = $2 and conversation_id = $1
  ), chain as (
    select b.id, b.parent_branch_id, b.fork_depth, leaf.depth as until, leaf.depth - ${maxMessages} as since from leaf join branch b on b.id = leaf.branch_id
    union all
    select p.id, p.parent_branch_id, p.fork_depth, c.fork_depth - 1, c.since from chain c join branch p on p.id = c.parent_branch_id where c.fork_depth > c.since
  )
  select m.role, case when m.structured_prompt is null then m.parts
    else jsonb_path_query_array(m.parts, '$[*] ? (@.type == "file")') || jsonb_build_object('type', 'text', 'step', 0, 'text', m.structured_prompt) end as parts, s.provider, y.text as summary
  from chain c
  -- The limit leaves out nothing: it keeps the planner from reading the whole conversation.
  cross join lateral (
    select * from message where conversation_id = $1 and branch_id = c.id and depth between greatest(c.fork_depth, c.since) and c.until
    order by depth limit ${maxMessages} + 1
  ) m
  left join turn n on n.id = m.turn_id
  left join settings_snapshot s on s.id = n.settings_id
  left join summary y on y.message_id = m.id
  order by m.depth`

/** The path that ends at a message, that message included, oldest first: an index range scan for each branch it runs through. */
export function readPath({ call }: Caller, conversationId: string, leafId: string): Promise<PathMessage[]> {
  return call<PathMessage>('read_path', pathStatement, [conversationId, leafId])
}
