import { importOutcomes } from '../../../contract/import-choices.ts'

export type Outcome = (typeof importOutcomes)[number]

export interface ReportAddress {
  outcome?: Outcome | undefined
}

export const readReportAddress = (search: Record<string, unknown>): ReportAddress => ({
  outcome: importOutcomes.find((outcome) => outcome === search['outcome']),
})
