/** What a person may let a program do that comes to `/mcp`, by OAuth or with an API key. Each stands for the policies that its operations ask for. */
export const appScopes = ['conversations:read', 'conversations:write', 'agents:use', 'prompts:read', 'tools:decide'] as const
export type AppScope = (typeof appScopes)[number]

const policiesOf: Record<AppScope, readonly string[]> = {
  'conversations:read': ['conversation:read', 'message:read', 'turn:read'],
  'conversations:write': ['conversation:create', 'turn:create', 'turn:read', 'turn:stop', 'model:use'],
  'agents:use': ['agent:read', 'agent:use', 'conversation:create', 'turn:create', 'turn:read', 'turn:stop'],
  'prompts:read': ['prompt:read', 'prompt:use'],
  'tools:decide': ['turn:read', 'turn:decide'],
}

/** Scopes as policies: those that stand for several in full, all others as they are. */
export function policiesOfScopes(scopes: readonly string[]): string[] {
  return [...new Set(scopes.flatMap((scope) => (scope in policiesOf ? policiesOf[scope as AppScope] : [scope])))]
}

/** How a program gets its answer back: a site, a program on the device of the person, or one that the device opens by an address of its own kind. */
export const appKinds = ['site', 'device', 'program'] as const
