import './tables.ts'

export type { AgentDeps } from './agent-deps.ts'
export { addAgentOfPackage, changeInstructions, deleteLockedAgent, lockAgent, tellAgentChanged } from './agents-of-packages.ts'
export { type AnsweringAgent, getAnsweringAgent } from './answering-agent.ts'
export { purgeAgents } from './purge-agents.ts'
export { assertAgentUsable, findAgentByName, getAgent, listAgentNames, listAgents } from './read-agents.ts'
export { agentRoutes } from './routes.ts'
export { chosenWith, withAgent } from './with-agent.ts'
