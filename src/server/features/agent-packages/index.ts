import './tables.ts'

export { sweepPackages } from './keep-archive.ts'
export { packageSchema } from './package-schema.ts'
export { packageTarget } from './package-target.ts'
export { agentPackageRoutes } from './routes.ts'
