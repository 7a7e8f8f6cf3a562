export { createImports, type Imports } from './create-imports.ts'
export { importRoutes } from './routes.ts'
