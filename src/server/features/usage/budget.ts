import type { Budget } from '../../../contract/workspaces.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { newId } from '../../platform/ids.ts'
import * as store from './store.ts'

export async function getBudget(deps: Pick<Deps, 'db'>, actor: Actor, workspaceId: string): Promise<{ budget: Budget | null }> {
  check(actor, 'budget', 'read', { workspaceId })
  return { budget: present(await store.findBudget(deps.db, workspaceId)) }
}

/** A limit of null removes the budget. A change holds at once, for the period that runs too. */
export async function setBudget(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: { workspaceId: string; limitNanoUsd: string | null; period: 'day' | 'week' | 'month' },
): Promise<{ budget: Budget | null }> {
  const { workspaceId, limitNanoUsd, period } = input
  check(actor, 'budget', 'update', { workspaceId })
  return deps.db.transaction().execute(async (tx) => {
    if (limitNanoUsd === null) await store.deleteBudget(tx, workspaceId)
    else await store.saveBudget(tx, { id: newId(), workspaceId, limitNanoUsd: BigInt(limitNanoUsd), period })
    return { budget: present(await store.findBudget(tx, workspaceId)) }
  })
}

function present(row: store.BudgetRow | undefined): Budget | null {
  return (
    (row && {
      limitNanoUsd: String(row.limit_nano_usd),
      spentNanoUsd: String(row.spent_nano_usd),
      reservedNanoUsd: String(row.reserved_nano_usd),
      period: row.period,
      startsAt: row.starts_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
    }) ??
    null
  )
}
