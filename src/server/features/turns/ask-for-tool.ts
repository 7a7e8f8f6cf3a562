import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import { AppError } from '../../platform/errors/index.ts'
import { type ToolContext, ToolFailure } from '../tools/index.ts'
import { startCallerTurn } from './start-caller-turn.ts'
import * as store from './store.ts'
import type { TurnDeps } from './turn-deps.ts'

/** What a tool asks a model: words, and nothing to act with. */
export interface AskedModel {
  system: string | null
  messages: { role: 'user' | 'assistant'; text: string }[]
  maxTokens: number
  temperature: number | null
}

/** Has the model of a turn answer a tool that runs in it: in the name of whoever asked, metered and limited like every call of theirs, and charged to the conversation. */
export async function askForTool(
  deps: TurnDeps,
  call: Pick<ToolContext, 'actorId' | 'apiKeyId' | 'turnId' | 'signal'>,
  { system, messages, maxTokens, temperature }: AskedModel,
): Promise<{ text: string; model: string; isCut: boolean }> {
  const actor = await deps.door.actorFor(call.actorId, call.apiKeyId)
  const turn = await store.getTurn(deps.db, call.turnId)
  if (!turn?.conversation_id) throw new ToolFailure('A model can be asked in conversations that are kept only.')
  const conversationId = turn.conversation_id
  const { modelId, modelName } = await store.getSnapshot(deps.db, turn.settings_id)
  const prompt: LanguageModelV4Prompt = [
    ...(system === null ? [] : [{ role: 'system' as const, content: system }]),
    ...messages.map(({ role, text }) => ({ role, content: [{ type: 'text' as const, text }] })),
  ]
  let answer = ''
  let isCut = false
  const started = await startCallerTurn(deps, actor, {
    workspaceId: turn.workspace_id,
    modelId,
    parameters: { temperature, maxTokens, topP: null, frequencyPenalty: null, presencePenalty: null },
    inputTokens: deps.llm.estimateTokens(JSON.stringify(prompt)),
    keep: null,
    supply: () => ({
      prompt,
      options: { maxOutputTokens: maxTokens, ...(temperature !== null && { temperature }) },
      aside: { purpose: 'tool', conversationId },
      observe(part) {
        if (part.type === 'text-delta') answer += part.delta
        if (part.type === 'finish') isCut = part.finishReason.unified === 'length'
      },
    }),
  })
  const stop = () => started.stop()
  call.signal.addEventListener('abort', stop, { once: true })
  try {
    const outcome = await started.outcome
    if (outcome?.state !== 'completed') throw new AppError(outcome?.error?.code ?? 'turn.interrupted')
  } finally {
    call.signal.removeEventListener('abort', stop)
  }
  return { text: answer, model: modelName, isCut }
}
