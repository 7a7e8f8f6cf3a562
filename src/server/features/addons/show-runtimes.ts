import type { addons as contract } from '../../../contract/addons.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { confinementStatus } from '../../platform/confinement/index.ts'
import type { OutputOf } from '../../platform/http/index.ts'
import { findRuntime } from '../../platform/runtimes/index.ts'
import type { AddonsDeps } from './addons-deps.ts'

/** Where tool servers are looked for: a program that only the administrator's own shell finds is not there for them. */
export async function showRuntimes({ config }: Pick<AddonsDeps, 'config'>, actor: Actor): Promise<OutputOf<typeof contract.runtimes>> {
  check(actor, 'system', 'read', 'system')
  const { path } = config.programs
  const [python, node, confinement] = await Promise.all([findRuntime('python', path), findRuntime('node', path), confinementStatus()])
  return { python, node, confinement }
}
