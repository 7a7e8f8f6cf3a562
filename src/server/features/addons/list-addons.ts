import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addonDescriptions, type AddonId, addonIds } from '../../../contract/addon-choices.ts'
import type { Addon, addons as contract } from '../../../contract/addons.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { confinementStatus } from '../../platform/confinement/index.ts'
import { packageRoot } from '../../platform/db/package-root.ts'
import type { OutputOf } from '../../platform/http/index.ts'
import type { AddonsDeps } from './addons-deps.ts'

/** What each rests on beside this server; its version is the part's. */
const packages: Partial<Record<AddonId, string>> = {
  'code-javascript': 'quickjs-emscripten',
  'code-python': 'pyodide',
  'tool-programs': '@modelcontextprotocol/client',
}

export async function listAddons(deps: AddonsDeps, actor: Actor): Promise<OutputOf<typeof contract.list>> {
  check(actor, 'system', 'read', 'system')
  return { addons: await Promise.all(addonIds.map((id) => presentAddon(deps, id))) }
}

export async function presentAddon({ switches, version: own }: AddonsDeps, id: AddonId): Promise<Addon> {
  const part = packages[id]
  const version = part === undefined ? own : await versionOf(part)
  return {
    id,
    ...addonDescriptions[id],
    version: version ?? '',
    enabled: switches.isOn(id),
    problem: version === undefined ? `The package ${part} is not installed beside the server.` : await problemOf(id),
  }
}

async function problemOf(id: AddonId): Promise<string | null> {
  if (id !== 'package-tools') return null
  const { reason, howToGet } = await confinementStatus()
  return reason && `${reason} Without it, packages whose tools are programs are refused. ${howToGet}`
}

async function versionOf(name: string): Promise<string | undefined> {
  try {
    const { version } = JSON.parse(await readFile(join(packageRoot(), 'node_modules', name, 'package.json'), 'utf8')) as { version: string }
    return version
  } catch {
    return undefined
  }
}
