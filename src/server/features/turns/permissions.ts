import type { OpenTools, Tool } from '../tools/index.ts'

export type Permission = Tool['permission']

/** Whether a model may call each of these tools: what the tool says itself, and what a person has answered for good. */
export function permissionsOf(
  toolNames: readonly string[],
  tools: OpenTools,
  offered: readonly string[],
  decided: ReadonlyMap<string, 'allow' | 'deny'>,
  isOfGuest = false,
): Map<string, Permission> {
  return new Map(
    toolNames.map((name) => {
      const tool = tools.find(name)
      // A name that no tool has gets a result that says so.
      if (!tool) return [name, 'allow']
      // A model may name what it was not offered: whoever writes to it can put names into its mouth. And nobody can allow what the server forbids.
      if (!offered.includes(name) || tool.permission === 'deny') return [name, 'deny']
      // It may have begun to ask since it was offered, and a guest's turn has nobody to ask.
      if (isOfGuest && tool.permission !== 'allow') return [name, 'deny']
      return [name, decided.get(name) ?? tool.permission]
    }),
  )
}
