import type {
  CallToolResult,
  Client,
  InputRequests,
  InputResponses,
  GetPromptResult,
  Progress,
  Prompt,
  ReadResourceResult,
  Resource,
  Tool,
  Transport,
} from '@modelcontextprotocol/client'
import type { Egress } from '../egress/index.ts'
import type { Secret } from '../vault/index.ts'
import { answeredFetch } from './answered-stream.ts'
import { createHider, type Hider } from '../vault/index.ts'
import { type Asker, Askers } from './askers.ts'
import { McpFailure } from './mcp-failure.ts'
import { type StdioTarget, StdioTransport } from './stdio-transport.ts'
import { toFailure } from './to-failure.ts'

export interface HttpTarget {
  transport: 'http' | 'sse'
  url: string
  headers: Readonly<Record<string, Secret>>
  /** Asked before each request; `renew` after a 401, once. */
  bearer?: { token(): Promise<Secret | undefined>; renew(): Promise<void> }
}

export type McpTarget = StdioTarget | HttpTarget

export interface SessionHooks {
  /** The server says that its list of tools, or of prompts, is another one now. */
  onToolsChanged?(): void
  /** The connection is gone; undefined where we closed it. */
  onClosed?(failure: McpFailure | undefined): void
  /** Whether the server is told that it may ask for a model's answer. */
  offersSampling?: boolean
}

export interface CallOptions {
  signal: AbortSignal
  timeoutMs: number
  onProgress?(progress: Progress): void
  /** As it was listed, for servers that want arguments in headers. */
  inputSchema?: Tool['inputSchema']
  /** Who answers what the server asks while the call runs; left out: it is declined. */
  asker?: Asker
  /** The call goes on with this, after the server has answered with questions. */
  continued?: { inputResponses: InputResponses; requestState?: string }
}

/** The server answers with questions in place of a result: the call is made again with what came of them and with its state. */
export interface InputRequired {
  resultType: 'input_required'
  inputRequests: InputRequests
  requestState?: string
  /** By the revision of 2025-11-25: addresses are to be opened, and then the same call made once more. */
  isAgain?: true
}

export function isInputRequired(result: CallToolResult | InputRequired): result is InputRequired {
  return 'resultType' in result && result.resultType === 'input_required'
}

export interface ServerIdentity {
  name: string | null
  version: string | null
  /** The revision of the protocol that was agreed on. */
  protocol: string | null
}

const connectTimeoutMs = { stdio: 60_000, http: 20_000, sse: 20_000 }
const probeTimeoutMs = { stdio: 5_000, http: 20_000, sse: 20_000 }
/** Of one answer; a stream of notifications is cut there too, and opened again. */
const maxAnswerBytes = 8 * 1024 * 1024
/** How long a server may be silent: the time limit of a call is what ends it, and comes first. */
const silenceMs = 15 * 60_000
const maxListPages = 16
const maxTools = 256
const maxResources = 200
const maxPrompts = 100

/** One open connection to a server, by either revision of the protocol. All that is thrown is `McpFailure`. */
export class McpSession {
  readonly #client: Client
  readonly #transport: Transport
  readonly #hider: Hider
  readonly #askers: Askers
  #isClosing = false
  #isOpen = true

  private constructor(client: Client, transport: Transport, hooks: SessionHooks, hider: Hider, askers: Askers) {
    this.#client = client
    this.#askers = askers
    this.#hider = hider
    this.#transport = transport
    client.onclose = () => {
      this.#isOpen = false
      const how = transport instanceof StdioTransport ? transport.ended : undefined
      hooks.onClosed?.(this.#isClosing ? undefined : new McpFailure('exited', how ?? 'The server ended the connection.'))
    }
  }

  static async open(
    target: McpTarget,
    egress: Egress,
    clientInfo: { name: string; version: string },
    hooks: SessionHooks,
    signal: AbortSignal,
  ) {
    try {
      return await McpSession.#open(target, egress, clientInfo, hooks, signal, 'auto')
    } catch (error) {
      // Some older programs end when they are asked something before their handshake.
      if (target.transport !== 'stdio' || !(error instanceof McpFailure) || error.kind !== 'exited') throw error
      return McpSession.#open(target, egress, clientInfo, hooks, signal, 'legacy')
    }
  }

  static async #open(
    target: McpTarget,
    egress: Egress,
    clientInfo: { name: string; version: string },
    hooks: SessionHooks,
    signal: AbortSignal,
    mode: 'auto' | 'legacy',
  ): Promise<McpSession> {
    // Loaded when a server is first called.
    const sdk = await import('@modelcontextprotocol/client')
    const { CfWorkerJsonSchemaValidator } = await import('@modelcontextprotocol/client/validators/cf-worker')
    const hider = createHider(target.transport === 'stdio' ? target.env : target.headers)
    const transport = makeTransport(sdk, target, egress, hider)
    const client = new sdk.Client(clientInfo, {
      versionNegotiation: { mode: target.transport === 'sse' ? 'legacy' : mode, probe: { timeoutMs: probeTimeoutMs[target.transport] } },
      listMaxPages: maxListPages,
      // Interpreted: schemas from elsewhere are not made into code.
      jsonSchemaValidator: new CfWorkerJsonSchemaValidator(),
      // Answered by people, who may take longer than a connection lives.
      inputRequired: { autoFulfill: false },
      capabilities: { elicitation: { form: {}, url: {} }, roots: {}, ...(hooks.offersSampling && { sampling: {} }) },
      listChanged: {
        tools: { autoRefresh: false, onChanged: () => hooks.onToolsChanged?.() },
        prompts: { autoRefresh: false, onChanged: () => hooks.onToolsChanged?.() },
      },
    })
    const askers = new Askers()
    client.setRequestHandler('elicitation/create', ({ params }, { mcpReq }) => askers.one().elicit(params, mcpReq.signal))
    // Nothing of this machine is a server's to look at.
    client.setRequestHandler('roots/list', () => ({ roots: [] }))
    if (hooks.offersSampling)
      client.setRequestHandler('sampling/createMessage', ({ params }, { mcpReq }) => askers.one().sample(params, mcpReq.signal))
    // What is out of the ordinary shows in a call's outcome or in the end of the connection.
    client.onerror = () => undefined
    const limit = AbortSignal.any([signal, AbortSignal.timeout(connectTimeoutMs[target.transport])])
    try {
      await Promise.race([client.connect(transport, { timeout: connectTimeoutMs[target.transport] }), aborted(limit)])
    } catch (error) {
      const failure =
        transport instanceof StdioTransport && transport.ended
          ? new McpFailure('exited', transport.ended, error)
          : toFailure(error, hider.words)
      await close(client, transport)
      throw limit.aborted && !signal.aborted ? new McpFailure('timeout', 'The server did not answer in time.', error) : failure
    }
    return new McpSession(client, transport, hooks, hider, askers)
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  get identity(): ServerIdentity {
    const info = this.#client.getServerVersion()
    return { name: info?.name ?? null, version: info?.version ?? null, protocol: this.#client.getNegotiatedProtocolVersion() ?? null }
  }

  /** Whether it has resources to read. */
  get hasResources(): boolean {
    return this.#client.getServerCapabilities()?.resources !== undefined
  }

  /** At most `maxTools`: what a server lists beyond is not looked at. */
  async listTools(signal: AbortSignal, timeoutMs: number): Promise<Tool[]> {
    // Not kept by the SDK: it would compile what answers must look like, by schemas from elsewhere.
    const { tools } = await this.#asked(() => this.#client.listTools(undefined, { cacheMode: 'bypass', signal, timeout: timeoutMs }))
    return tools.slice(0, maxTools)
  }

  async callTool(name: string, input: Record<string, unknown>, options: CallOptions): Promise<CallToolResult | InputRequired> {
    const { signal, timeoutMs, onProgress, inputSchema, asker, continued } = options
    using _asking = this.#askers.with(asker)
    return await this.#asked(() =>
      this.#client
        .callTool(
          { name, arguments: input, ...continued },
          {
            signal,
            allowInputRequired: true,
            timeout: timeoutMs,
            maxTotalTimeout: timeoutMs,
            ...(onProgress && { onprogress: (progress) => onProgress(this.#hider.answer(progress)) }),
            ...(inputSchema && { toolDefinition: { name, inputSchema } }),
          },
        )
        .catch(addressesOf),
    )
  }

  async listResources(signal: AbortSignal, timeoutMs: number): Promise<Resource[]> {
    const { resources } = await this.#asked(() =>
      this.#client.listResources(undefined, { cacheMode: 'bypass', signal, timeout: timeoutMs }),
    )
    return resources.slice(0, maxResources)
  }

  readResource(uri: string, signal: AbortSignal, timeoutMs: number): Promise<ReadResourceResult> {
    return this.#asked(() => this.#client.readResource({ uri }, { cacheMode: 'bypass', signal, timeout: timeoutMs }))
  }

  /** None where it has none to list. */
  async listPrompts(signal: AbortSignal, timeoutMs: number): Promise<Prompt[]> {
    if (this.#client.getServerCapabilities()?.prompts === undefined) return []
    const { prompts } = await this.#asked(() => this.#client.listPrompts(undefined, { cacheMode: 'bypass', signal, timeout: timeoutMs }))
    return prompts.slice(0, maxPrompts)
  }

  getPrompt(name: string, input: Record<string, string>, signal: AbortSignal, timeoutMs: number): Promise<GetPromptResult> {
    return this.#asked(() => this.#client.getPrompt({ name, arguments: input }, { signal, timeout: timeoutMs }))
  }

  async close(): Promise<void> {
    this.#isClosing = true
    await close(this.#client, this.#transport)
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return this.#hider.answer(await ask())
    } catch (error) {
      const ended = this.#transport instanceof StdioTransport ? this.#transport.ended : undefined
      throw ended ? new McpFailure('exited', ended, error) : toFailure(error, this.#hider.words)
    }
  }
}

const urlRequired = -32_042

function addressesOf(error: unknown): InputRequired {
  const said = error instanceof Error && 'code' in error && error.code === urlRequired && 'data' in error ? error.data : undefined
  const listed = (said as { elicitations?: unknown } | undefined)?.elicitations
  if (!Array.isArray(listed) || listed.length === 0) throw error
  const requests = listed.slice(0, 5).map((params, index) => [`address-${index}`, { method: 'elicitation/create', params }] as const)
  return { resultType: 'input_required', inputRequests: Object.fromEntries(requests) as InputRequests, isAgain: true }
}

function makeTransport(sdk: typeof import('@modelcontextprotocol/client'), target: McpTarget, egress: Egress, hider: Hider): Transport {
  if (target.transport === 'stdio') return new StdioTransport(target)
  const fetch = answeredFetch(egress.fetchFor({ maxBytes: maxAnswerBytes, firstByteTimeoutMs: silenceMs, idleTimeoutMs: silenceMs }))
  const headers = Object.fromEntries(Object.entries(target.headers).map(([name, value]) => [name, value.reveal()]))
  const { bearer } = target
  const options = {
    fetch,
    requestInit: { headers },
    authProvider: {
      token: async () => {
        const token = await bearer?.token()
        if (token) hider.learn('access token', token)
        return token?.reveal()
      },
      ...(bearer && { onUnauthorized: () => bearer.renew() }),
    },
  }
  const url = new URL(target.url)
  return target.transport === 'sse'
    ? new sdk.SSEClientTransport(url, options)
    : new sdk.StreamableHTTPClientTransport(url, { ...options, onInsufficientScope: 'throw' })
}

async function close(client: Client, transport: Transport): Promise<void> {
  try {
    if ('terminateSession' in transport && typeof transport.terminateSession === 'function') {
      await Promise.race([transport.terminateSession() as Promise<void>, aborted(AbortSignal.timeout(1_000))])
    }
  } catch {
    // The server forgets it by itself.
  }
  await Promise.allSettled([client.close(), transport.close()])
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}
