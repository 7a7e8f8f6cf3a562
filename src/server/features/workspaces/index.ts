export { workspaceRoutes } from './routes.ts'
export type { WorkspacesDeps } from './workspaces-deps.ts'
