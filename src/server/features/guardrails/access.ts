import type { Action } from '../../../contract/endpoint.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { GuardrailDeps } from './guardrails-deps.ts'
import * as store from './store.ts'

/** A guardrail of a workspace of theirs, where their role allows this. */
export async function requireGuardrail(
  deps: Pick<GuardrailDeps, 'db'>,
  actor: Actor,
  action: Action,
  id: string,
): Promise<store.GuardrailRow> {
  const row = await store.find(deps.db, workspaceIdsOf(actor), id)
  if (!row) throw new AppError('guardrail.not_found')
  check(actor, 'guardrail', action, { workspaceId: row.workspace_id })
  return row
}
