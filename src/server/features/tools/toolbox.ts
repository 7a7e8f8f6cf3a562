import type { JSONSchema7, LanguageModelV4FunctionTool } from '@ai-sdk/provider'
import { z } from 'zod'
import { AppError } from '../../platform/errors/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import { type Surface, type Tool, ToolFailure, type ToolContext } from './tool.ts'

/** A result longer than this is cut: it goes back to the model with every following call. */
const maxResultLength = 60_000

export interface ToolOutcome {
  state: 'completed' | 'failed'
  result: string
  surface?: Surface
}

/** The tools of this server by name. Names are unique: a second tool of the same name is a bug at start. */
export class Toolbox {
  readonly #tools = new Map<string, Tool>()
  readonly #definitions = new Map<string, LanguageModelV4FunctionTool>()
  readonly #log: Logger

  constructor(tools: readonly Tool[], log: Logger) {
    for (const tool of tools) {
      if (this.#tools.has(tool.name)) throw new Error(`two tools are named ${tool.name}`)
      this.#tools.set(tool.name, tool)
    }
    this.#log = log
  }

  /** Of those that are offered everywhere. */
  get names(): string[] {
    return [...this.#tools.values()].filter((tool) => !tool.isForAgents).map(({ name }) => name)
  }

  find(name: string): Tool | undefined {
    return this.#tools.get(name)
  }

  /** As providers take them. */
  definitions(names: readonly string[]): LanguageModelV4FunctionTool[] {
    return names.flatMap((name) => {
      const tool = this.#tools.get(name)
      if (!tool) return []
      const known = this.#definitions.get(name)
      if (known) return [known]
      const { $schema: _, ...inputSchema } = z.toJSONSchema(tool.input, { io: 'input' })
      const definition = { type: 'function' as const, name, description: tool.description, inputSchema: inputSchema as JSONSchema7 }
      this.#definitions.set(name, definition)
      return [definition]
    })
  }

  /** Never throws: what goes wrong is a result, in words for the model. */
  async run(name: string, input: unknown, context: ToolContext): Promise<ToolOutcome> {
    const tool = this.#tools.get(name)
    if (!tool) return { state: 'failed', result: `There is no tool named ${name}. Available: ${this.names.join(', ')}.` }
    const parsed = tool.input.safeParse(input)
    if (!parsed.success) return { state: 'failed', result: `The arguments are not valid:\n${z.prettifyError(parsed.error)}` }

    const timeout = AbortSignal.timeout(tool.timeoutMs)
    const signal = AbortSignal.any([context.signal, timeout])
    try {
      const answer = await Promise.race([tool.run(parsed.data, { ...context, signal }), rejectOnAbort(signal)])
      if (typeof answer === 'string') return { state: 'completed', result: cut(answer) }
      return { state: 'completed', result: cut(answer.text), surface: answer.surface }
    } catch (error) {
      if (timeout.aborted) return { state: 'failed', result: `The tool did not finish within ${tool.timeoutMs / 1000} seconds.` }
      if (context.signal.aborted) return { state: 'failed', result: 'The tool was stopped.' }
      if (error instanceof ToolFailure) return { state: 'failed', result: error.message }
      if (error instanceof AppError) return { state: 'failed', result: [error.message, error.detail].filter(Boolean).join(' ') }
      this.#log.error({ err: error, tool: name }, 'a tool failed')
      return { state: 'failed', result: 'The tool failed.' }
    }
  }
}

function cut(result: string): string {
  return result.length > maxResultLength ? `${result.slice(0, maxResultLength)}\n[cut after ${maxResultLength} characters]` : result
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}
