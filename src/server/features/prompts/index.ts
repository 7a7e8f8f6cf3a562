import './tables.ts'

export { purgePrompts } from './purge-prompts.ts'
export { promptRoutes } from './routes.ts'
