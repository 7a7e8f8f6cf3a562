export { type StoredPart, withoutMetadata } from './answer-draft.ts'
