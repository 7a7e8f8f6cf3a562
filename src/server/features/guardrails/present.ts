import type { Guardrail, GuardrailSummary, GuardrailVerdict } from '../../../contract/guardrails.ts'
import type { GuardrailRow, VerdictRow } from './store.ts'

export const presentSummary = (row: GuardrailRow): GuardrailSummary => ({
  id: row.id as GuardrailSummary['id'],
  workspaceId: row.workspace_id as GuardrailSummary['workspaceId'],
  name: row.name,
  kind: row.kind,
  places: row.places,
  action: row.action,
  appliesTo: row.applies_to,
  isEnabled: row.is_enabled,
  updatedAt: row.updated_at.toISOString(),
})

export const presentGuardrail = (row: GuardrailRow): Guardrail => ({
  ...presentSummary(row),
  configuration: row.configuration,
  ifFails: row.if_fails,
  message: row.message,
  createdAt: row.created_at.toISOString(),
})

export const presentVerdict = (row: VerdictRow): GuardrailVerdict => ({
  id: row.id,
  place: row.place,
  step: row.step,
  outcome: row.outcome,
  found: row.found,
  createdAt: row.created_at.toISOString(),
})
