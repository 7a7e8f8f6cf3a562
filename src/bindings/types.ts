/**
 * The published bindings: the shapes that authors of clients write against, importable as `parley/bindings/types`. They are flat, use
 * snake_case, Unix seconds and dollars, and change only by addition; the contract is richer and moves with the product. `from-contract.ts` says
 * how each value follows from what `/api` answers. Where a type has no mapping there, its shape is settled and its values are still to come.
 *
 * Ids are UUIDs. Instants are whole seconds since 1970-01-01 UTC. A field that has no value is left out, never null.
 */

/** Any value that JSON can carry, as `JSON.parse` hands it over: check it before use. */
type Json = ReturnType<typeof JSON.parse>

/** The tenant: everything else lives in one. */
export interface Workspace {
  id: string
  name: string
  created_at: number
}

/** A conversation, as it stands in a list. */
export interface Chat {
  id: string
  workspace_id: string
  title: string
  /** The beginning of the newest message, for a list. */
  last_message?: string
  created_at: number
  updated_at: number
  /** The agent that answers here, if one was chosen. */
  agent_id?: string
  /** The conversation that this one was started from. */
  parent_id?: string
}

/** One message of the path that is shown. A tool's result is a message of its own with the role `tool`. */
export interface Message {
  id: string
  chat_id: string
  role: 'user' | 'assistant' | 'system' | 'tool'
  /** Markdown; for a tool, what the model was told. */
  content: string
  /** What the model thought before it answered. */
  reasoning?: string
  timestamp: number
  /** On a tool's message: the answer that called it. */
  assistant_message_id?: string
  /** On a tool's message: which call it answers. */
  tool_call_id?: string
  /** How an answer came about; only on answers. */
  metadata?: {
    model?: string
    provider?: string
    input_tokens?: number
    output_tokens?: number
    total_tokens?: number
    /** US dollars. Absent while the answer is being written and where the price is unknown. */
    cost?: number
    latency_ms?: number
  }
}

/** What holds in a workspace unless a message, a conversation or a person says otherwise. An absent parameter is not sent to the provider. */
export interface WorkspaceSettings {
  workspace_id: string
  /** The name its provider knows the model by. */
  default_model?: string
  system_prompt?: string
  /** 0 to 2. */
  temperature?: number
  max_tokens?: number
  top_p?: number
  frequency_penalty?: number
  presence_penalty?: number
}

/** A way to a provider's models. */
export interface LLMConnection {
  id: string
  name: string
  /** `openai`, `anthropic`, `google`, `xai`, `openai-compatible`, `ollama`, `built-in`, and what comes later. */
  provider: string
  /** Never the key: a mask with its last four characters, or empty where there is none. */
  api_key: string
  /** Empty: the provider's own address. */
  base_url: string
  /** Names as they are sent; the values are sealed and stand masked. */
  custom_headers?: Record<string, string>
  created_at: number
}

/** A Model Context Protocol server that Parley starts. */
export interface MCPServer {
  id: string
  name: string
  command: string
  arguments?: string[]
  env?: Record<string, string>
  created_at: number
}

/** A Model Context Protocol server as one workspace uses it. */
export interface MCPServerConnection {
  id: string
  workspace_id: string
  server_id: string
  enabled: boolean
  status: 'connected' | 'disconnected' | 'error'
  created_at: number
}

/** A text to be used again; `{{name}}` in it is a variable. */
export interface Prompt {
  id: string
  name: string
  content: string
  variables?: string[]
  created_at: number
  updated_at: number
}

/** A tool as a model sees it. */
export interface Tool {
  name: string
  description: string
  /** JSON Schema of its arguments. */
  input_schema: {
    type: 'object'
    properties: Record<string, Json>
    required?: string[]
  }
}

/** What came of one tool call. */
export interface ToolResult {
  tool_call_id: string
  result: Json
  error?: string
}

/** One model call in the ledger. */
export interface UsageStats {
  id: string
  workspace_id: string
  model: string
  provider: string
  input_tokens: number
  output_tokens: number
  total_tokens: number
  /** US dollars; NaN where the price is unknown, which is not nothing. */
  cost: number
  timestamp: number
}

/** An installed agent. */
export interface Agent {
  id: string
  name: string
  description: string
  version: string
  /** Where its package came from. */
  source: string
  installed_at: number
}

/** An agent with what its package says about itself. */
export interface AgentInfo {
  id: string
  name: string
  description: string
  version: string
  manifest: {
    name: string
    description: string
    version: string
    author?: string
    tools?: string[]
    instructions?: string
  }
}

/** Whether Python tools can run on the server. */
export interface PythonRuntimeStatus {
  installed: boolean
  version?: string
  path?: string
}

/** Whether Node.js tools can run on the server. */
export interface NodeRuntimeStatus {
  installed: boolean
  version?: string
  path?: string
}

/** The optional parts of the server. */
export interface AddonConfig {
  addons: Array<{
    id: string
    name: string
    description: string
    version: string
    enabled: boolean
  }>
}
