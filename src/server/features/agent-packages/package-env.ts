import { z } from 'zod'
import type { ReadManifest } from '../../../contract/agent-package-manifest.ts'
import { AppError } from '../../platform/errors/index.ts'
import { Secret, type Vault } from '../../platform/vault/index.ts'

const Values = z.record(z.string(), z.string())
interface Place {
  id: string
  workspace_id: string
}

const bindingOf = ({ id, workspace_id }: Place) => ({
  workspaceId: workspace_id,
  table: 'agent_package_version',
  column: 'sealed_env',
  rowId: id,
})

/** What the manifest asks for and nothing else, of what is given now or was before. Error: `agent-package.values_missing`. */
export function valuesFor({ tools }: ReadManifest, given: Readonly<Record<string, string>>, before: Readonly<Record<string, Secret>> = {}) {
  const wanted = tools?.env ?? []
  const surplus = Object.keys(given).filter((name) => !wanted.some((one) => one.name === name))
  if (surplus.length > 0) throw missing(surplus, 'is not asked for by this package')
  const values = wanted.flatMap(({ name }) => {
    const value = Object.hasOwn(given, name) ? given[name]! : before[name]?.reveal()
    return value === undefined || value === '' ? [] : [[name, value] as const]
  })
  const unfilled = wanted.filter(({ name, required }) => required && !values.some(([one]) => one === name))
  if (unfilled.length > 0)
    throw missing(
      unfilled.map(({ name }) => name),
      'is needed',
    )
  return Object.fromEntries(values)
}

/** Bound to one version of one package. */
export function sealEnv(vault: Vault, place: Place, values: Readonly<Record<string, string>>): Buffer | null {
  return Object.keys(values).length === 0 ? null : vault.seal(new Secret(JSON.stringify(values)), bindingOf(place))
}

export function openEnv(vault: Vault, row: Place & { sealed_env: Buffer | null }): Record<string, Secret> {
  if (!row.sealed_env) return {}
  const values = Values.parse(JSON.parse(vault.open(row.sealed_env, bindingOf(row)).reveal()))
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]))
}

const missing = (names: readonly string[], message: string) =>
  new AppError('agent-package.values_missing', {
    issues: names.map((name) => ({ path: ['env', name], message })),
    detail: names.join(', '),
  })
