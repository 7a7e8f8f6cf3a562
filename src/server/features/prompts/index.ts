import './tables.ts'

export { purgePrompts } from './purge-prompts.ts'
export { getPrompt, listPrompts } from './read-prompts.ts'
export { promptRoutes } from './routes.ts'
