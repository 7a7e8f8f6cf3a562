import './tables.ts'

export { ownMemoryText } from './read-memories.ts'
export { memoryRoutes } from './routes.ts'
export { createPersonal } from './personal.ts'
