import { usage as contract } from '../../../contract/usage.ts'
import { workspaces } from '../../../contract/workspaces.ts'
import type { Deps } from '../../deps.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { getBudget, setBudget } from './budget.ts'
import { listUsage } from './list-usage.ts'

export const usageRoutes = (deps: Pick<Deps, 'db'>): Routes<typeof contract> => ({
  list: handle(contract.list, (actor, input) => listUsage(deps, actor, input)),
})

/** The budget is a workspace's in the contract and the ledger's in the code. */
export const budgetRoutes = (deps: Pick<Deps, 'db'>): Pick<Routes<typeof workspaces>, 'getBudget' | 'setBudget'> => ({
  getBudget: handle(workspaces.getBudget, (actor, { workspaceId }) => getBudget(deps, actor, workspaceId)),
  setBudget: handle(workspaces.setBudget, (actor, input) => setBudget(deps, actor, input)),
})
