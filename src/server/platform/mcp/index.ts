export { McpFailure, type McpFailureKind } from './mcp-failure.ts'
export { plainWords } from './plain-words.ts'
export { type HttpTarget, maxTools, McpSession, type McpTarget, type SessionHooks } from './session.ts'
export { type Opening, type PoolLimits, SessionPool } from './session-pool.ts'
