import { guardrails as contract } from '../../../contract/guardrails.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { createGuardrail, deleteGuardrail, updateGuardrail } from './change-guardrails.ts'
import type { GuardrailDeps } from './guardrails-deps.ts'
import { getGuardrail, listGuardrails, listVerdicts } from './read-guardrails.ts'
import { testGuardrail } from './test-guardrail.ts'

export const guardrailRoutes = (deps: GuardrailDeps): Routes<typeof contract> => ({
  list: handle(contract.list, (actor, { workspaceId }) => listGuardrails(deps, actor, workspaceId)),
  create: handle(contract.create, (actor, input) => createGuardrail(deps, actor, input)),
  get: handle(contract.get, (actor, { id }) => getGuardrail(deps, actor, id)),
  update: handle(contract.update, (actor, input) => updateGuardrail(deps, actor, input)),
  delete: handle(contract.delete, (actor, { id }) => deleteGuardrail(deps, actor, id).then(() => ({ ok: true as const }))),
  test: handle(contract.test, (actor, input) => testGuardrail(deps, actor, input)),
  verdicts: handle(contract.verdicts, (actor, { id }) => listVerdicts(deps, actor, id)),
})
