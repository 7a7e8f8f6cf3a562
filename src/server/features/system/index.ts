export { operationalRoutes } from './operational-routes.ts'
export { systemRoutes, type SystemDeps } from './routes.ts'
