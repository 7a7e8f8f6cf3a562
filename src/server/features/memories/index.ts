import './tables.ts'

export { memoryText } from './read-memories.ts'
export { memoryRoutes } from './routes.ts'
export { createPersonal } from './tools.ts'
