import './tables.ts'

export type { PromptDeps } from './change-prompts.ts'
export { pinPrompt } from './pin-prompt.ts'
export { purgePrompts } from './purge-prompts.ts'
export { getPrompt, listPrompts } from './read-prompts.ts'
export { readValues } from './read-values.ts'
export { promptRoutes } from './routes.ts'
