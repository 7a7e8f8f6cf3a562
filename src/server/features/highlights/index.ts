import './tables.ts'

export { highlightRoutes } from './routes.ts'
