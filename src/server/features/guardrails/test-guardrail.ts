import { canRedact } from '../../../contract/guardrail-choices.ts'
import type { guardrails as contract } from '../../../contract/guardrails.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import type { GuardrailDeps } from './guardrails-deps.ts'
import { hide } from './kinds/finding.ts'
import { look } from './look.ts'

const limitMs = 90_000

/** Looks at a text as the engine would, and keeps nothing of it. */
export async function testGuardrail(
  deps: GuardrailDeps,
  actor: Actor,
  { workspaceId, configuration, text }: InputOf<(typeof contract)['test']>,
): Promise<OutputOf<(typeof contract)['test']>> {
  check(actor, 'guardrail', 'test', { workspaceId })
  if (configuration.kind === 'judge') await deps.assertModelUsable(actor, configuration.modelId, workspaceId)
  const startedAt = performance.now()
  const durationMs = () => Math.round(performance.now() - startedAt)
  try {
    const asking = { actor, workspaceId, conversationId: null, answerMessageId: null }
    const { isFound, found, findings, reason } = await look(deps, configuration, [text], asking, AbortSignal.timeout(limitMs))
    const redacted = canRedact(configuration.kind) ? hide(text, findings?.[0] ?? []) : null
    return { outcome: isFound ? 'found' : 'passed', found, reason, redacted, durationMs: durationMs() }
  } catch (error) {
    deps.log.info({ err: error, workspaceId }, 'a guardrail that is tried could not look at its text')
    const found = error instanceof Error ? error.message : 'failed'
    return { outcome: 'failed', found, reason: null, redacted: null, durationMs: durationMs() }
  }
}
