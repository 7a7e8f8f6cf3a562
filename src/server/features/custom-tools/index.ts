export { createCustomTools, type CustomTools } from './create-custom-tools.ts'
export { customToolRoutes } from './routes.ts'
