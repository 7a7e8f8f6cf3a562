import { type Actor, check } from '../../platform/auth/index.ts'
import type { PromptDeps } from './change-prompts.ts'

/** For `{{memory}}`. */
export async function readValues(deps: PromptDeps, actor: Actor, workspaceId: string): Promise<{ memory: string }> {
  check(actor, 'prompt', 'use', { workspaceId })
  return { memory: await deps.memoryText(actor, workspaceId) }
}
