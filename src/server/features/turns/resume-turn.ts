import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { Database, Db } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { costOf } from '../usage/index.ts'
import type { StoredPart } from '../conversations/index.ts'
import { applyTurnEvents } from './answer-draft.ts'
import { type EndedTask, type TurnWrite, writeTurns } from './hot-statements.ts'
import { cancelledResult, interruptedResult } from './call-words.ts'
import type { EnginePorts, Job, OpenCall } from './ports.ts'
import { costOfSearches } from './own-search.ts'
import { priceOf, type Snapshot } from './snapshot.ts'
import * as store from './store.ts'
import { addUp, type Counted, lengthOf, textOf } from './turn-bill.ts'

/** A turn may be taken over so often; then something about it kills processes, and it is closed. */
const maxTakeovers = 3

export interface ResumePorts {
  database: Pick<Database, 'db' | 'call'>
  processId: string
  estimateTokens(text: string): number
  prompt: EnginePorts['prompt']
}

type TaskRow = Awaited<ReturnType<typeof store.listTasks>>[number]

/** A turn of this process that has not begun (a follow-up), or whose calls a person has just decided. */
export async function jobOf(db: Db, turn: store.TurnRow, how: Job['how'], calls: OpenCall[] = []): Promise<Job> {
  const [settings, parts, ownerId, tasks] = await Promise.all([
    store.getSnapshot(db, turn.settings_id),
    turn.answer_message_id ? store.getParts(db, turn.answer_message_id) : [],
    turn.conversation_id ? store.ownerOf(db, turn.conversation_id) : null,
    store.listTasks(db, turn.id),
  ])
  const last = tasks.at(-1)
  return {
    turnId: turn.id,
    epoch: turn.epoch,
    workspaceId: turn.workspace_id,
    actorId: turn.actor_id,
    apiKeyId: turn.api_key_id,
    ownerId,
    conversationId: turn.conversation_id,
    answerMessageId: turn.answer_message_id,
    userMessageId: turn.user_message_id,
    settings,
    startedAt: (turn.started_at ?? turn.created_at).getTime(),
    taskId: null,
    step: (last?.step ?? 0) + 1,
    attempt: 1,
    firstStep: tasks[0]?.step ?? 1,
    parts,
    calls,
    asked: [],
    how,
    continues: null,
    counted: countedOf(tasks),
  }
}

function countedOf(tasks: readonly TaskRow[]): Counted {
  const ended = tasks.filter((task) => task.status !== 'running')
  return addUp(
    ended.map((task) => ({
      tokens: {
        input: task.input_tokens ?? 0,
        output: task.output_tokens ?? 0,
        reasoning: task.reasoning_tokens ?? 0,
        cacheRead: task.cache_read_tokens ?? 0,
        cacheWrite: task.cache_write_tokens ?? 0,
      },
      costNanoUsd: task.cost_nano_usd,
    })),
  )
}

/**
 * Goes on with a turn whose process died: from the last step that was written down. Of the call that was under way only text is kept, unsigned reasoning
 * and incomplete tool calls are dropped, and its task is closed with estimated usage. Tools that may run twice run again, the others get a result that
 * says what happened. Undefined where somebody else has taken the turn meanwhile.
 */
export async function resumeTurn(ports: ResumePorts, turn: store.TurnRow): Promise<Job | undefined> {
  const { db } = ports.database
  const job = await jobOf(db, turn, 'resumed')
  const [calls, tasks, logged] = await Promise.all([store.listCalls(db, turn.id), store.listTasks(db, turn.id), readAllEvents(db, turn.id)])
  const underWay = tasks.find((task) => task.status === 'running')

  const before = job.parts
  const seen = applyTurnEvents(structuredClone(before), logged).filter(Boolean)
  job.parts = seen
    .map((part, index): StoredPart => {
      const { providerMetadata, provided } = before[index]?.type === part.type ? before[index] : {}
      return { ...part, ...(providerMetadata && { providerMetadata }), ...(provided && { provided }) }
    })
    .filter((part) => !underWay || part.step !== underWay.step || part.type === 'text' || part.type === 'source')

  const write: Omit<TurnWrite, 'turnId' | 'epoch' | 'processId' | 'log'> = {}
  if (underWay) {
    const asked = await ports.prompt(
      job,
      job.parts.filter((part) => part.step < underWay.step),
      null,
    )
    const written = seen.filter((part) => part.step === underWay.step)
    write.task = interruptedTask(ports, underWay, { written, begunWith: lengthOf(before, underWay.step) }, job.settings, asked)
    job.counted = addUp([job.counted!, write.task])
    job.step = underWay.step
    job.attempt = Math.max(...tasks.filter((task) => task.step === underWay.step).map((task) => task.attempt)) + 1
    const hasText = job.parts.some((part) => part.step === underWay.step && part.type === 'text' && part.text !== '')
    job.continues = hasText ? 'text' : underWay.prompt.instruction === 'continue-work' ? 'work' : null
  }
  for (const call of calls) {
    const row = { id: call.id, step: call.step, callId: call.call_id, toolName: call.tool_name, arguments: call.arguments }
    if (call.state === 'running' && call.cancel_requested_at) {
      write.results = [...(write.results ?? []), { id: call.id, state: 'cancelled', result: cancelledResult }]
      setCall(job.parts, call, 'cancelled', cancelledResult)
    } else if (call.state === 'running' && call.is_repeatable) job.calls.push(row)
    else if (call.state === 'running') {
      write.results = [...(write.results ?? []), { id: call.id, state: 'interrupted', result: interruptedResult }]
      setCall(job.parts, call, 'interrupted', interruptedResult)
    } else if (call.state === 'asked' || call.state === 'allowed') job.asked.push(row)
    else setCall(job.parts, call, call.state, call.result)
  }

  if (turn.stop_requested_at) job.closeAs = { state: 'stopped', error: null }
  else if (turn.conversation_id === null) job.closeAs = { state: 'failed', error: { code: 'turn.interrupted' } }
  else if (turn.takeovers > maxTakeovers) job.closeAs = { state: 'failed', error: { code: 'turn.abandoned' } }

  if (write.task || write.results) {
    const [written] = await writeTurns(ports.database, [
      { turnId: turn.id, epoch: turn.epoch, processId: ports.processId, log: [], parts: job.parts, ...write },
    ])
    if (written!.fenced) return undefined
  }
  return job
}

function setCall(parts: StoredPart[], call: store.CallRow, state: store.CallRow['state'], result: string | null): void {
  const part = parts.find(
    (candidate) => candidate.type === 'tool-call' && candidate.callId === call.call_id && candidate.step === call.step,
  )
  if (part?.type === 'tool-call' && state !== 'allowed') Object.assign(part, { state, result })
}

async function readAllEvents(db: Db, turnId: string) {
  const events = []
  let position = { epoch: 0, seq: 0 }
  for (;;) {
    const page = await store.readEvents(db, turnId, position, 500)
    const last = page.at(-1)
    if (!last) return events
    events.push(...page.map((entry) => entry.event))
    position = { epoch: last.epoch, seq: last.last }
  }
}

function interruptedTask(
  ports: ResumePorts,
  { id, created_at: begunAt }: TaskRow,
  { written, begunWith }: { written: readonly StoredPart[]; begunWith: number },
  settings: Omit<Snapshot, 'hash'>,
  asked: LanguageModelV4Prompt,
): EndedTask {
  const text = (type: 'text' | 'reasoning') => written.map((part) => (part.type === type ? part.text : '')).join('')
  const reasoning = ports.estimateTokens(text('reasoning'))
  // Its calls may have begun before they were written down.
  const called = written.map((part) => (part.type === 'tool-call' ? JSON.stringify(part.arguments) : '')).join('')
  const output = ports.estimateTokens(text('text').slice(begunWith)) + ports.estimateTokens(called) + reasoning
  // Where nothing was written, it is not known whether the call was made at all.
  const input = output === 0 ? 0 : ports.estimateTokens(textOf(asked))
  const tokens = { input, output, reasoning, cacheRead: 0, cacheWrite: 0 }
  const cost = costOf(tokens, priceOf(settings))
  const searches = written.filter((part) => part.type === 'tool-call' && part.isProviders && part.state === 'completed').length
  return {
    id,
    usageId: newId(),
    status: 'interrupted',
    finishReason: null,
    requestId: null,
    tokens,
    isEstimated: true,
    costNanoUsd: cost === null ? null : cost + costOfSearches(settings.settings.ownSearch, searches),
    firstTokenMs: null,
    latencyMs: Math.max(0, Date.now() - begunAt.getTime()),
    error: { code: 'turn.interrupted' },
  }
}
