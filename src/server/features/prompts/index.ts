import './tables.ts'

export { pinPrompt } from './pin-prompt.ts'
export { purgePrompts } from './purge-prompts.ts'
export { promptRoutes } from './routes.ts'
