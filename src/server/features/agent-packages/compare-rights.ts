import type { ReadManifest } from '../../../contract/agent-package-manifest.ts'
import type { PackageChanges } from '../../../contract/agent-packages.ts'

const strictness = { allow: 0, ask: 1, deny: 2 } as const

/** What the second may do beside the first. Values that it wants are rights, too: whoever gives them gives them to its program. */
export function compareRights(before: ReadManifest, after: ReadManifest): PackageChanges {
  const tools = (manifest: ReadManifest) => new Map((manifest.tools?.offers ?? []).map((tool) => [tool.name, tool.permission]))
  const [old, now] = [tools(before), tools(after)]
  const without = (list: readonly string[] = [], known: readonly string[] = []) => list.filter((one) => !known.includes(one))
  const env = (manifest: ReadManifest) => manifest.tools?.env.map(({ name }) => name)
  const changes = {
    fromVersion: before.version,
    addedTools: [...now.keys()].filter((name) => !old.has(name)),
    removedTools: [...old.keys()].filter((name) => !now.has(name)),
    loosenedTools: [...now].flatMap(([name, permission]) => {
      const known = old.get(name)
      return known && strictness[permission] < strictness[known] ? [name] : []
    }),
    addedHosts: without(after.tools?.network, before.tools?.network),
    addedEnv: without(env(after), env(before)),
    isProgramNew: after.tools !== undefined && before.tools === undefined,
    instructionsChanged: after.instructions !== before.instructions,
  }
  const { addedTools, loosenedTools, addedHosts, addedEnv, isProgramNew } = changes
  return { ...changes, growsRights: isProgramNew || [addedTools, loosenedTools, addedHosts, addedEnv].some((list) => list.length > 0) }
}

/** Whether the first is an older version than the second (semver, without what stands after `+`). */
export function isOlder(first: string, second: string): boolean {
  const [a, b] = [parse(first), parse(second)]
  for (const index of [0, 1, 2]) if (a.numbers[index] !== b.numbers[index]) return a.numbers[index]! < b.numbers[index]!
  if (a.pre.length === 0 || b.pre.length === 0) return a.pre.length > 0 && b.pre.length === 0
  for (let index = 0; ; index++) {
    const [one, other] = [a.pre[index], b.pre[index]]
    if (one === undefined || other === undefined) return one === undefined && other !== undefined
    if (one === other) continue
    const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)]
    if (isNumber && isOtherNumber) return Number(one) < Number(other)
    return isNumber === isOtherNumber ? one < other : isNumber
  }
}

function parse(version: string) {
  const [core = '', ...pre] = version.split('+')[0]!.split('-')
  return { numbers: core.split('.').map(Number), pre: pre.length > 0 ? pre.join('-').split('.') : [] }
}
