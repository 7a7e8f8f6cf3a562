import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { z } from 'zod'
import type { ConversationId } from '../../../contract/ids.ts'
import type { Db } from '../../platform/db/index.ts'
import { findAgentByName, listAgentNames } from '../agents/index.ts'
import { type ConversationDeps, createConversation } from '../conversations/index.ts'
import { type Tool, ToolFailure } from '../tools/index.ts'
import { LeftOff } from './run-control.ts'
import { beginTurn } from './start-turn.ts'
import { stopTurn } from './stop-turn.ts'
import * as store from './store.ts'
import type { TurnDeps } from './turn-deps.ts'

export const askAgentName = 'ask_agent'

/** An agent that is asked may ask another one, and that one a third. */
const maxDepth = 3

interface AskDeps {
  turnDeps: TurnDeps
  conversations: Pick<ConversationDeps, 'db' | 'userStreams' | 'requireUsable'>
}

/**
 * By which an agent asks another one: a child conversation of the answer that is being written, in the name of whoever asked, so that their rights, the workspace's keys and its
 * budget hold. `open` is called when it runs, since the engine is made after its tools.
 */
export function askAgentTool(open: () => AskDeps): Tool {
  const input = z.strictObject({
    agent: z.string().min(1).max(100).describe('The name of the agent.'),
    question: z.string().min(1).max(20_000).describe('All that the agent needs to know: it has not read this conversation.'),
  })
  const tool: Tool<z.infer<typeof input>> = {
    name: askAgentName,
    description:
      'Asks another agent of this workspace and answers with what it says. Use it for what an agent that you were told of knows better.',
    input,
    // Asked again after an interruption, it is the same child that answers: nothing is asked, paid or done twice.
    isRepeatable: true,
    permission: 'allow',
    isForAgents: true,
    isForMembers: true,
    timeoutMs: 10 * 60_000,
    async run({ agent: name, question }, { actorId, apiKeyId, workspaceId, turnId, callId, conversationId, signal, isWritten }) {
      const { turnDeps, conversations } = open()
      const { db } = turnDeps
      const actor = await turnDeps.door.actorFor(actorId, apiKeyId)
      const parent = await store.getTurn(db, turnId)
      if (!parent?.answer_message_id || conversationId === null)
        throw new ToolFailure('Agents can be asked in conversations that are kept only.')
      if ((await depthOf(db, conversationId)) >= maxDepth)
        throw new ToolFailure(`No further agent can be asked: this is ${maxDepth} agents deep already. Answer with what you know.`)
      const agent = await findAgentByName(db, actor, workspaceId, name)
      if (!agent) {
        const known = await listAgentNames(db, actor, workspaceId)
        throw new ToolFailure(`There is no agent named ${name}. ${known.length > 0 ? `There are: ${known.join(', ')}.` : 'There is none.'}`)
      }
      // Should this process die before, the model is asked again, and what it calls then has another id.
      await isWritten?.()
      signal.throwIfAborted()
      const id = childIdOf(turnId, callId, agent.id, question)
      if (!(await store.hasConversation(db, actorId, id))) {
        await createConversation(conversations, actor, {
          id,
          workspaceId,
          title: question.slice(0, 80),
          agentId: agent.id,
          spawnedByMessageId: parent.answer_message_id,
        })
      }
      const { started, outcome } = await beginTurn(
        turnDeps,
        actor,
        { id: id as ConversationId, text: question, idempotencyKey: id },
        undefined,
        'agent',
      )
      // Where only this process leaves off, the child goes on, and who takes this turn waits for it.
      const stop = () => {
        if (!(signal.reason instanceof LeftOff)) void stopTurn(turnDeps, actor, started.turnId).catch(() => {})
      }
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
      try {
        return await answerOf(db, started.answerMessageId, (await outcome) ?? (await endOf(db, started.turnId, signal)))
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
  }
  return tool as Tool
}

/** The same for the same call, so that who goes on with it finds what it has begun. As UUIDs of one's own making are (RFC 9562, version 8). */
function childIdOf(...parts: string[]): string {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex')
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const waitMs = 500

/** Of a turn that runs elsewhere, or had ended before: how. Undefined where it waits for a person. */
async function endOf(db: Db, turnId: string, signal: AbortSignal): Promise<Ended | undefined> {
  for (;;) {
    const turn = await store.getTurn(db, turnId)
    if (!turn) return { state: 'stopped', error: null }
    if (turn.state === 'waiting') return undefined
    if (turn.state !== 'running' && turn.state !== 'queued') return { state: turn.state, error: turn.error }
    await pause(waitMs, undefined, { signal })
  }
}

interface Ended {
  state: string
  error: { code: string } | null
}

async function answerOf(db: Db, messageId: string | null, outcome: Ended | undefined): Promise<string> {
  if (!outcome)
    return 'The agent has not answered yet: it waits for the person to allow something. Its card in the conversation leads there.'
  const parts = messageId ? await store.getParts(db, messageId) : []
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')
  if (outcome.state === 'completed') return text || 'The agent answered without words.'
  throw new ToolFailure(`The agent did not finish (${outcome.error?.code ?? outcome.state}).${text ? ` Until then it said:\n${text}` : ''}`)
}

/** How many conversations stand above this one. */
async function depthOf(db: Db, conversationId: string): Promise<number> {
  const { rows } = await sql<{ depth: number }>`
    with recursive above as (
      select spawned_by_conversation_id as id, 0 as depth from conversation where id = ${conversationId}
      union all
      select c.spawned_by_conversation_id, a.depth + 1 from above a join conversation c on c.id = a.id where a.depth < ${maxDepth}
    )
    select max(depth) as depth from above`.execute(db)
  return rows[0]?.depth ?? 0
}
