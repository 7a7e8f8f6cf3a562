import type { ModelRequest, ModelResolution } from '../models/index.ts'
import type { AnsweringAgent } from './answering-agent.ts'

interface Chosen {
  modelId: string | null
  connectionId: string | null
}

/** What a conversation has chosen stands before what its agent has, for the model and for the key. */
export function chosenWith(agent: AnsweringAgent | undefined, conversation: Chosen): NonNullable<ModelRequest['conversation']> {
  return {
    modelId: conversation.modelId ?? agent?.modelId ?? null,
    connectionId: conversation.connectionId ?? agent?.connectionId ?? null,
  }
}

type Settable = Pick<ModelResolution, 'systemPrompt' | 'parameters' | 'thinking' | 'thinkingLevels' | 'webSearch'>

/** What an agent sets stands before what it would be without it; what it leaves open stays. */
export function withAgent<Resolution extends Settable & Partial<Pick<ModelResolution, 'modelOrigin'>>>(
  inherited: Resolution,
  agent: AnsweringAgent | undefined,
  conversation: Chosen,
): Resolution {
  if (!agent) return inherited
  const of = <Value>(value: Value | null) => value !== null && { value, origin: 'agent' as const }
  const { temperature, maxTokens, topP, thinking, webSearch } = agent.parameters
  const isOfAgent = inherited.modelOrigin === 'conversation' && conversation.modelId === null
  return {
    ...inherited,
    ...(isOfAgent && { modelOrigin: 'agent' as const }),
    systemPrompt: of(agent.instructions) || inherited.systemPrompt,
    // What was chosen for another model waits until that one answers.
    thinking: of(thinking && inherited.thinkingLevels.includes(thinking) ? thinking : null) || inherited.thinking,
    webSearch: of(webSearch) || inherited.webSearch,
    parameters: {
      ...inherited.parameters,
      temperature: of(temperature) || inherited.parameters.temperature,
      maxTokens: of(maxTokens) || inherited.parameters.maxTokens,
      topP: of(topP) || inherited.parameters.topP,
    },
  }
}
