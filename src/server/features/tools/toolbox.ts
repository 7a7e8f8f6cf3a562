import type { JSONSchema7, LanguageModelV4FunctionTool } from '@ai-sdk/provider'
import { z } from 'zod'
import { beginningOf } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import { TimeLimit } from './time-limit.ts'
import {
  type CitedAnswer,
  type FiledAnswer,
  type NewQuestion,
  type Surface,
  type Tool,
  type ToolContext,
  ToolFailure,
  type ToolScope,
  type ToolSource,
} from './tool.ts'

/** A result longer than this is cut. How much of it a model is given at once is the turn's affair. */
const maxResultLength = 2_000_000

/** What is told of a tool is made once for it, however many turns are offered it. */
const definitions = new WeakMap<Tool, LanguageModelV4FunctionTool>()

export interface ToolOutcome {
  state: 'completed' | 'failed'
  result: string
  surface?: Surface
  sources?: CitedAnswer['sources']
  files?: FiledAnswer['files']
}

/** The tools of this server, and where others come from. */
export class Toolbox {
  readonly #own: OpenTools
  readonly #sources: readonly ToolSource[]
  readonly #log: Logger

  /** Throws where two of the server's own tools have one name: a bug at start. */
  constructor(tools: readonly Tool[], sources: readonly ToolSource[], log: Logger) {
    const byName = new Map<string, Tool>()
    for (const tool of tools) {
      if (byName.has(tool.name)) throw new Error(`two tools are named ${tool.name}`)
      byName.set(tool.name, tool)
    }
    this.#own = new OpenTools(byName, log)
    this.#sources = sources
    this.#log = log
  }

  /** What may be called in this scope. A source that fails is left out and noted: it must not take the others along. */
  async open(scope: ToolScope): Promise<OpenTools> {
    if (this.#sources.length === 0) return this.#own
    const lists = await Promise.all(this.#sources.map((source) => this.#list(source, scope)))
    const found = lists.flat()
    return found.length === 0 ? this.#own : this.#own.with(found)
  }

  /** What an agent of this person may name: also what is there in some conversations only. */
  async openToName({ workspaceId, actorId }: Pick<ToolScope, 'workspaceId' | 'actorId'>): Promise<OpenTools> {
    const open = await this.open({ workspaceId, actorId, agentId: null, conversationId: null })
    return open.with(this.#sources.flatMap((source) => source.listSometimes?.(workspaceId) ?? []))
  }

  async #list(source: ToolSource, scope: ToolScope): Promise<readonly Tool[]> {
    try {
      return await source.list(scope)
    } catch (error) {
      this.#log.error({ err: error, workspaceId: scope.workspaceId }, 'tools could not be listed')
      return []
    }
  }
}

/** Tools by name, as one turn has them. */
export class OpenTools {
  readonly #tools: ReadonlyMap<string, Tool>
  readonly #log: Logger

  constructor(tools: ReadonlyMap<string, Tool>, log: Logger) {
    this.#tools = tools
    this.#log = log
  }

  /** A name that is taken stays whose it was: nobody can put a tool in another's place. */
  with(more: readonly Tool[]): OpenTools {
    const tools = new Map(this.#tools)
    for (const tool of more) if (!tools.has(tool.name)) tools.set(tool.name, tool)
    return new OpenTools(tools, this.#log)
  }

  /** Of those that are offered everywhere. */
  get names(): string[] {
    return [...this.#tools.values()].filter((tool) => !tool.isForAgents).map(({ name }) => name)
  }

  /** Of those that the agent was given beside what it names. */
  get ofAgent(): string[] {
    return [...this.#tools.values()].filter((tool) => tool.isOfAgent).map(({ name }) => name)
  }

  find(name: string): Tool | undefined {
    return this.#tools.get(name)
  }

  /** As providers take them. */
  definitions(names: readonly string[]): LanguageModelV4FunctionTool[] {
    return names.flatMap((name) => {
      const tool = this.#tools.get(name)
      if (!tool) return []
      const known = definitions.get(tool)
      if (known) return [known]
      const { description } = tool
      const definition = { type: 'function' as const, name, description, inputSchema: tool.inputSchema ?? schemaOf(tool.input) }
      definitions.set(tool, definition)
      return [definition]
    })
  }

  /** Never throws: what goes wrong is a result, in words for the model, who reads of no tool but those that it was offered. */
  async run(name: string, input: unknown, context: ToolContext, offered: readonly string[]): Promise<ToolOutcome> {
    const tool = this.#tools.get(name)
    if (!tool) return { state: 'failed', result: `There is no tool named ${name}. Available: ${offered.join(', ')}.` }
    const parsed = tool.input.safeParse(input)
    if (!parsed.success) return { state: 'failed', result: `The arguments are not valid:\n${z.prettifyError(parsed.error)}` }

    const limit = new TimeLimit(tool.timeoutMs)
    const signal = AbortSignal.any([context.signal, limit.signal])
    const { questions } = context
    const asking = questions && { ...questions, ask: (question: NewQuestion) => limit.without(() => questions.ask(question)) }
    try {
      const answer = await Promise.race([
        tool.run(parsed.data, { ...context, signal, ...(asking && { questions: asking }) }),
        rejectOnAbort(signal),
      ])
      if (typeof answer === 'string') return { state: 'completed', result: cut(answer) }
      const { text, ...rest } = answer
      return { state: 'completed', result: cut(text), ...rest }
    } catch (error) {
      if (limit.signal.aborted) return { state: 'failed', result: `The tool did not finish within ${tool.timeoutMs / 1000} seconds.` }
      if (context.signal.aborted) return { state: 'failed', result: 'The tool was stopped.' }
      if (error instanceof ToolFailure) return { state: 'failed', result: error.message }
      if (error instanceof AppError) return { state: 'failed', result: [error.message, error.detail].filter(Boolean).join(' ') }
      this.#log.error({ err: error, tool: name }, 'a tool failed')
      return { state: 'failed', result: 'The tool failed.' }
    } finally {
      limit.end()
    }
  }
}

function schemaOf(input: z.ZodType): JSONSchema7 {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input' })
  return schema as JSONSchema7
}

function cut(result: string): string {
  return result.length > maxResultLength
    ? `${beginningOf(result, maxResultLength)}\n[cut: the tool answered with ${result.length} characters]`
    : result
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}
