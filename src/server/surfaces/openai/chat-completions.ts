import type { LanguageModelV4Prompt, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { keepHistory } from '../../features/conversations/index.ts'
import { type CallerTurn, startCallerTurn } from '../../features/turns/index.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { type HttpContext, callerOf, whenGone } from '../../platform/http/index.ts'
import { readFiles } from './chat-files.ts'
import { parametersOf, toOptions } from './chat-options.ts'
import { toPrompt, withSystemFirst } from './chat-prompt.ts'
import { ChatRequest } from './chat-request.ts'
import { answerAsStream, answerWhole, type Started } from './chat-response.ts'
import { toExchange } from './kept-exchange.ts'
import { requireModel } from './models.ts'
import type { OpenAiDeps } from './openai-deps.ts'
import { readRequest } from './read-request.ts'

/** Images come inside the request. */
const maxBodyBytes = 32 * 1024 * 1024
/** What an image or a page costs as input is the provider's secret; this is about what one does. */
const fileTokens = 1000

/** `POST /v1/chat/completions`: a turn that its caller supplies with context and tools. */
export async function createChatCompletion(deps: OpenAiDeps, c: HttpContext, actor: Actor): Promise<Response> {
  const request = await readRequest(c, ChatRequest, maxBodyBytes)
  const gone = whenGone(c)
  const workspaceId = actor.homeWorkspaceId
  const model = await requireModel(deps, actor, request.model, 'chat')
  const prompt = toPrompt(request.messages, await readFiles(deps.egress, request.messages, gone))
  gone.throwIfAborted()

  const parts = new PartsInOrder()
  const turn: CallerTurn = {
    workspaceId,
    modelId: model.id,
    parameters: parametersOf(request),
    inputTokens: tokensOf(deps, prompt) + deps.llm.estimateTokens(JSON.stringify(request.tools ?? '')),
    supply: (provider) => ({
      prompt: provider === 'google' ? withSystemFirst(prompt) : prompt,
      options: toOptions(request, provider),
      observe: (part) => parts.add(part),
    }),
    keep: null,
  }
  const { turnId, outcome, stop } = await (request.store ? startKept(deps, c, actor, request, turn) : startCallerTurn(deps, actor, turn))
  c.header('x-turn-id', turnId)

  // Hanging up is stopping: nobody else reads this answer. Who loses access is hung up on.
  gone.addEventListener('abort', stop, { once: true })
  if (gone.aborted) stop()
  const unhook = deps.door.onActorInvalidated((principalId) => {
    if (principalId === actor.principalId) deps.door.authenticate(callerOf(c)).catch(stop)
  })
  void outcome.finally(unhook)

  const started: Started = {
    id: `chatcmpl-${turnId}`,
    modelName: request.model,
    outcome,
    gone,
    listen: (listener) => parts.listen(listener),
  }
  return request.stream ? answerAsStream(deps, c, started, request.stream_options?.include_usage === true) : answerWhole(c, started)
}

/** `store: true`: the messages become a conversation, and the answer one of its turns, which survives whatever happens to this process. */
async function startKept(deps: OpenAiDeps, c: HttpContext, actor: Actor, request: ChatRequest, turn: CallerTurn) {
  const { history, question, before } = toExchange(request.messages)
  const { conversationId, drop } = await keepHistory(deps, actor, { workspaceId: turn.workspaceId, modelId: turn.modelId, history })
  try {
    const kept: CallerTurn = {
      ...turn,
      supply: (provider) => ({ ...turn.supply(provider), before }),
      keep: { conversationId, parts: question },
    }
    const started = await startCallerTurn(deps, actor, kept)
    c.header('x-conversation-id', conversationId)
    return started
  } catch (error) {
    await drop()
    throw error
  }
}

function tokensOf(deps: OpenAiDeps, prompt: LanguageModelV4Prompt): number {
  let tokens = 0
  for (const { content } of prompt) {
    if (typeof content === 'string') tokens += deps.llm.estimateTokens(content)
    else
      for (const part of content)
        tokens += part.type === 'file' ? fileTokens : deps.llm.estimateTokens('text' in part ? part.text : JSON.stringify(part))
  }
  return tokens
}

/** The turn may begin to answer before its caller has heard that it began. */
class PartsInOrder {
  #waiting: LanguageModelV4StreamPart[] = []
  #listener: ((part: LanguageModelV4StreamPart) => void) | undefined

  add(part: LanguageModelV4StreamPart): void {
    if (this.#listener) this.#listener(part)
    else this.#waiting.push(part)
  }

  listen(listener: (part: LanguageModelV4StreamPart) => void): void {
    this.#listener = listener
    for (const part of this.#waiting) listener(part)
    this.#waiting = []
  }
}
