import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { startCallerTurn } from '../turns/index.ts'
import type { SummaryDeps } from './summary-deps.ts'

export interface Aside {
  purpose: 'title' | 'summary'
  workspaceId: string
  conversationId: string
  modelId: string
  system: string
  text: string
  maxTokens: number
}

/**
 * Asks a model something about a conversation that stands in none: metered and limited like every call, on the conversation's owner, and read as a whole. Throws
 * what the call failed with.
 */
export async function askAside(deps: SummaryDeps, owner: Actor, aside: Aside): Promise<string> {
  let answer = ''
  const prompt: LanguageModelV4Prompt = [
    { role: 'system', content: aside.system },
    { role: 'user', content: [{ type: 'text', text: aside.text }] },
  ]
  const turn = await startCallerTurn(deps.turnDeps, owner, {
    workspaceId: aside.workspaceId,
    modelId: aside.modelId,
    parameters: { temperature: null, maxTokens: aside.maxTokens, topP: null, frequencyPenalty: null, presencePenalty: null },
    inputTokens: deps.turnDeps.llm.estimateTokens(aside.system + aside.text),
    keep: null,
    supply: () => ({
      prompt,
      options: { maxOutputTokens: aside.maxTokens },
      aside: { purpose: aside.purpose, conversationId: aside.conversationId },
      observe(part) {
        if (part.type === 'text-delta') answer += part.delta
      },
    }),
  })
  const outcome = await turn.outcome
  if (outcome?.state !== 'completed') throw new AppError(outcome?.error?.code ?? 'turn.interrupted')
  return answer
}
