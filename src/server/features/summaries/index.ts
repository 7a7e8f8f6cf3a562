export { createSummaries } from './create-summaries.ts'
