import type { Prompt, PromptSummary, prompts as contract } from '../../../contract/prompts.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { presentPrompt, presentPromptSummary } from './present.ts'
import * as store from './store.ts'

export const readerOf = (actor: Actor): store.Reader => ({ principalId: actor.principalId, workspaceIds: workspaceIdsOf(actor) })

export async function listPrompts(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { workspaceId, search, cursor, limit }: InputOf<typeof contract.list>,
): Promise<{ prompts: PromptSummary[]; nextCursor: string | null }> {
  check(actor, 'prompt', 'read', { workspaceId })
  const rows = await store.list(deps.db, readerOf(actor), {
    workspaceId,
    search: search || null,
    before: cursor ? readCursor(cursor) : null,
    limit: limit + 1,
  })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    prompts: page.map((row) => presentPromptSummary(row, actor.principalId)),
    nextCursor: rows.length > limit && last ? `${(last.used_at ?? last.created_at).getTime()}.${last.id}` : null,
  }
}

export async function getPrompt(deps: Pick<Deps, 'db'>, actor: Actor, id: string): Promise<Prompt> {
  check(actor, 'prompt', 'read', 'own')
  const row = await store.find(deps.db, readerOf(actor), id)
  if (!row) throw new AppError('prompt.not_found')
  return presentPrompt(row, actor.principalId)
}

function readCursor(cursor: string): { at: Date; id: string } {
  const match = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (!match) throw new AppError('request.invalid', { issues: [{ path: ['cursor'], message: 'is not a cursor of this list' }] })
  return { at: new Date(Number(match[1])), id: match[2]! }
}
