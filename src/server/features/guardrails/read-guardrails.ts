import type { Guardrail, GuardrailSummary, guardrails as contract } from '../../../contract/guardrails.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { OutputOf } from '../../platform/http/index.ts'
import { requireGuardrail } from './access.ts'
import type { GuardrailDeps } from './guardrails-deps.ts'
import { presentGuardrail, presentSummary, presentVerdict } from './present.ts'
import * as store from './store.ts'

const shownVerdicts = 30

/** What each is called and where it holds, for every member: what it looks for is known to those who may change it. */
export async function listGuardrails(deps: Pick<GuardrailDeps, 'db'>, actor: Actor, workspaceId: string): Promise<GuardrailSummary[]> {
  check(actor, 'guardrail', 'read', { workspaceId })
  return (await store.list(deps.db, workspaceId)).map(presentSummary)
}

export async function getGuardrail(deps: Pick<GuardrailDeps, 'db'>, actor: Actor, id: string): Promise<Guardrail> {
  return presentGuardrail(await requireGuardrail(deps, actor, 'update', id))
}

export async function listVerdicts(
  deps: Pick<GuardrailDeps, 'db'>,
  actor: Actor,
  id: string,
): Promise<OutputOf<(typeof contract)['verdicts']>> {
  const row = await requireGuardrail(deps, actor, 'update', id)
  const [counted, verdicts] = await Promise.all([store.countVerdicts(deps.db, row), store.listVerdicts(deps.db, row, shownVerdicts)])
  const counts = { blocked: 0, redacted: 0, warned: 0, passed: 0, failed: 0 }
  for (const { outcome, count } of counted) counts[outcome] = count
  return { counts, verdicts: verdicts.map(presentVerdict) }
}
