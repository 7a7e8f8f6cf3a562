export { checkServersJob } from './check-servers.ts'
export { createMcpServers, type McpServers } from './create-mcp-servers.ts'
export { mcpServerRoutes } from './routes.ts'
