import './tables.ts'

export type { PagesDeps } from './pages-deps.ts'
export { publicPageRoutes } from './public-routes.ts'
export { pageRoutes } from './routes.ts'
export { noteUnanswered } from './unanswered-store.ts'
