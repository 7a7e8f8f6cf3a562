import { canRedact, guardrailLimits } from '../../../contract/guardrail-choices.ts'
import type { Guardrail, GuardrailConfiguration, guardrails as contract } from '../../../contract/guardrails.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { requireGuardrail } from './access.ts'
import type { GuardrailDeps } from './guardrails-deps.ts'
import { presentGuardrail } from './present.ts'
import * as store from './store.ts'

export async function createGuardrail(deps: GuardrailDeps, actor: Actor, input: InputOf<(typeof contract)['create']>): Promise<Guardrail> {
  const { workspaceId, configuration, action } = input
  check(actor, 'guardrail', 'create', { workspaceId })
  await requireJudge(deps, actor, workspaceId, configuration)
  const id = newId()
  return save(deps, { id, workspaceId }, async (tx) => {
    if ((await store.lockCount(tx, workspaceId)) >= guardrailLimits.count) throw new AppError('guardrail.too_many')
    await store.insert(tx, {
      id,
      workspace_id: workspaceId,
      name: input.name,
      kind: configuration.kind,
      configuration: JSON.stringify(configuration),
      places: input.places,
      action,
      if_fails: input.ifFails ?? (action === 'warn' ? 'open' : 'closed'),
      message: input.message,
      applies_to: input.appliesTo,
      is_enabled: input.isEnabled,
    })
  })
}

/** Errors: `guardrail.not_found`, `guardrail.kind_fixed`, `guardrail.cannot_redact`, `model.not_found`. */
export async function updateGuardrail(deps: GuardrailDeps, actor: Actor, input: InputOf<(typeof contract)['update']>): Promise<Guardrail> {
  const row = await requireGuardrail(deps, actor, 'update', input.id)
  const { configuration, name, places, action, ifFails, message, appliesTo, isEnabled } = input
  if (configuration && configuration.kind !== row.kind) throw new AppError('guardrail.kind_fixed')
  if (action === 'redact' && !canRedact(row.kind)) throw new AppError('guardrail.cannot_redact')
  if (configuration) await requireJudge(deps, actor, row.workspace_id, configuration, row.configuration)
  return save(deps, { id: row.id, workspaceId: row.workspace_id }, (tx) =>
    store.update(tx, row, {
      ...(configuration && { configuration: JSON.stringify(configuration) }),
      ...(name !== undefined && { name }),
      ...(places && { places }),
      ...(action && { action }),
      ...(ifFails && { if_fails: ifFails }),
      ...(message !== undefined && { message }),
      ...(appliesTo && { applies_to: appliesTo }),
      ...(isEnabled !== undefined && { is_enabled: isEnabled }),
    }),
  )
}

export async function deleteGuardrail(deps: GuardrailDeps, actor: Actor, id: string): Promise<void> {
  const row = await requireGuardrail(deps, actor, 'delete', id)
  const announce = await deps.db.transaction().execute(async (tx) => {
    await store.remove(tx, row)
    return tellWorkspace(deps, tx, row.workspace_id)
  })
  announce()
  deps.onChanged(row.workspace_id)
}

/** What the actor may not use themselves they cannot have others' words given to; what it has already stays. */
async function requireJudge(
  deps: GuardrailDeps,
  actor: Actor,
  workspaceId: string,
  configuration: GuardrailConfiguration,
  before?: GuardrailConfiguration,
): Promise<void> {
  if (configuration.kind !== 'judge') return
  if (before?.kind === 'judge' && before.modelId === configuration.modelId) return
  await deps.assertModelUsable(actor, configuration.modelId, workspaceId)
}

async function save(
  deps: GuardrailDeps,
  { id, workspaceId }: { id: string; workspaceId: string },
  write: (tx: Tx) => Promise<void>,
): Promise<Guardrail> {
  const { row, announce } = await deps.db.transaction().execute(async (tx) => {
    await write(tx)
    const found = await store.find(tx, [workspaceId], id)
    if (!found) throw new AppError('guardrail.not_found')
    return { row: found, announce: await tellWorkspace(deps, tx, workspaceId) }
  })
  announce()
  deps.onChanged(workspaceId)
  return presentGuardrail(row)
}

/** As the last statement of a transaction; what it gives back is called after the commit. */
async function tellWorkspace(deps: GuardrailDeps, tx: Tx, workspaceId: string): Promise<() => void> {
  return deps.tell(tx, await deps.listMemberIds(tx, workspaceId), { type: 'guardrails-changed' })
}
