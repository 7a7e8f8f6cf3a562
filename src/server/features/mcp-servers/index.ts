export { checkServersJob } from './check-servers.ts'
export { createMcpServers, type McpServers } from './create-mcp-servers.ts'
export { type PackagePrograms, packagePrograms } from './package-programs.ts'
export { mcpServerRoutes } from './routes.ts'
