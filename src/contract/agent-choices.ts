// What the web app needs of agents without their schemas.

/** Behind an agent's emoji. */
export const agentColors = ['grey', 'blue', 'green', 'amber', 'red', 'violet'] as const
export type AgentColor = (typeof agentColors)[number]

/** `agent admin` changes and shares it, `agent user` lets it answer. */
export const agentRoleNames = ['agent user', 'agent admin'] as const
export type AgentRoleName = (typeof agentRoleNames)[number]

export const agentLimits = {
  name: 100,
  description: 500,
  starters: 8,
  starter: 300,
  tools: 200,
  steps: 100,
  roles: 100,
  note: 200,
  pictureBytes: 512 * 1024,
  /** Of its longer side, in pixels. */
  pictureSide: 1024,
} as const
