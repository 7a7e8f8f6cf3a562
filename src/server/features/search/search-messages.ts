import type { FoundMessage } from '../../../contract/search.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { termsOf, toQueries } from './query.ts'
import { agentMark, modelMark, monthMarks, ownerMark } from './scope.ts'
import { snippetOf } from './snippet.ts'
import { stemmers } from './stemmers.ts'
import * as store from './store.ts'

export interface SearchDeps extends Pick<Deps, 'db'> {
  /** Throws `model.not_found`. */
  assertModelUsable(actor: Actor, modelId: string, workspaceId: string): Promise<unknown>
  /** Throws `agent.not_found`. */
  assertAgentUsable(actor: Actor, agentId: string, workspaceId: string): Promise<unknown>
}

export interface SearchInput {
  workspaceId: string
  query: string
  modelId?: string | undefined
  agentId?: string | undefined
  since?: string | undefined
  until?: string | undefined
  limit: number
}

export async function searchMessages(deps: SearchDeps, actor: Actor, input: SearchInput): Promise<{ messages: FoundMessage[] }> {
  const { workspaceId } = input
  check(actor, 'message', 'read', { workspaceId })
  if (input.modelId) await deps.assertModelUsable(actor, input.modelId, workspaceId)
  if (input.agentId) await deps.assertAgentUsable(actor, input.agentId, workspaceId)
  const terms = termsOf(input.query)
  if (terms.length === 0) return { messages: [] }

  const ownerId = actor.principalId
  const words = terms.flatMap(({ lexemes, isUnspaced }) => (lexemes.length === 1 && !isUnspaced ? lexemes : []))
  const stems = await store.findStems(deps.db, { ownerId, workspaceId }, words, stemmers)
  const since = input.since ? new Date(input.since) : null
  const until = input.until ? new Date(input.until) : null
  const marks = [
    [ownerMark(ownerId)],
    input.modelId ? [modelMark(input.modelId)] : [],
    input.agentId ? [agentMark(input.agentId)] : [],
    monthMarks(since, until),
  ]
  const rows = await store.findMessages(deps.db, {
    ownerId,
    workspaceId,
    queries: toQueries(terms, stems, marks),
    since,
    until,
    modelId: input.modelId ?? null,
    agentId: input.agentId ?? null,
    limit: input.limit,
  })
  return {
    messages: rows.map((row) => ({
      id: row.id as FoundMessage['id'],
      conversationId: row.conversation_id as FoundMessage['conversationId'],
      conversationTitle: row.title,
      role: row.role,
      modelName: row.model_name,
      snippet: snippetOf(row.text, terms, stems),
      createdAt: row.created_at.toISOString(),
    })),
  }
}
