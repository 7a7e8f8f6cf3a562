import './tables.ts'

export { publicShareRoutes } from './public-routes.ts'
export { shareRoutes } from './routes.ts'
