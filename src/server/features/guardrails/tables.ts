import type { ColumnType, Generated } from 'kysely'
import type { GuardrailAction, GuardrailKind, GuardrailPlace } from '../../../contract/guardrail-choices.ts'
import type { GuardrailConfiguration, GuardrailOutcome } from '../../../contract/guardrails.ts'

export interface GuardrailTable {
  id: string
  workspace_id: string
  name: string
  kind: GuardrailKind
  configuration: ColumnType<GuardrailConfiguration, string, string>
  places: GuardrailPlace[]
  action: GuardrailAction
  /** Of a check that could not be made. */
  if_fails: 'closed' | 'open'
  /** Empty: the server's own words. */
  message: Generated<string>
  applies_to: 'everything' | 'agents'
  is_enabled: Generated<boolean>
  created_at: ColumnType<Date, never, never>
  updated_at: ColumnType<Date, never, Date>
}

export interface GuardrailVerdictTable {
  id: string
  workspace_id: string
  guardrail_id: string
  turn_id: string
  place: GuardrailPlace
  step: number
  outcome: GuardrailOutcome
  /** What kind of thing and how often; never the thing. */
  found: string
  created_at: ColumnType<Date, never, never>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    guardrail: GuardrailTable
    guardrail_verdict: GuardrailVerdictTable
  }
}
