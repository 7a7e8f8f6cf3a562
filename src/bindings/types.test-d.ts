/**
 * The shapes as promised, written out a second time and imported as the author of a client would import them. This file compiles only while both
 * are the same; `types.test.ts` compiles it.
 */
import type {
  AddonConfig,
  Agent,
  AgentInfo,
  Chat,
  LLMConnection,
  MCPServer,
  MCPServerConnection,
  Message,
  NodeRuntimeStatus,
  Prompt,
  PythonRuntimeStatus,
  Tool,
  ToolResult,
  UsageStats,
  Workspace,
  WorkspaceSettings,
} from 'parley/bindings/types'

/** True only for identical types: optional is not `| undefined`, and `any` is not `unknown`. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Holds<Claims extends Record<string, true>> = Claims
type Json = ReturnType<typeof JSON.parse>
type Runtime = { installed: boolean; version?: string; path?: string }
/** Interfaces as plain object types, for `Same` tells a mapped type from an interface. */
type Plain<T> = { [Key in keyof T]: T[Key] }

export type Promised = Holds<{
  Workspace: Same<Plain<Workspace>, { id: string; name: string; created_at: number }>
  Chat: Same<
    Plain<Chat>,
    {
      id: string
      workspace_id: string
      title: string
      last_message?: string
      created_at: number
      updated_at: number
      agent_id?: string
      parent_id?: string
    }
  >
  Message: Same<
    Plain<Message>,
    {
      id: string
      chat_id: string
      role: 'user' | 'assistant' | 'system' | 'tool'
      content: string
      reasoning?: string
      timestamp: number
      assistant_message_id?: string
      tool_call_id?: string
      metadata?: {
        model?: string
        provider?: string
        input_tokens?: number
        output_tokens?: number
        total_tokens?: number
        cost?: number
        latency_ms?: number
      }
    }
  >
  WorkspaceSettings: Same<
    Plain<WorkspaceSettings>,
    {
      workspace_id: string
      default_model?: string
      system_prompt?: string
      temperature?: number
      max_tokens?: number
      top_p?: number
      frequency_penalty?: number
      presence_penalty?: number
    }
  >
  LLMConnection: Same<
    Plain<LLMConnection>,
    {
      id: string
      name: string
      provider: string
      api_key: string
      base_url: string
      custom_headers?: Record<string, string>
      created_at: number
    }
  >
  MCPServer: Same<
    Plain<MCPServer>,
    { id: string; name: string; command: string; arguments?: string[]; env?: Record<string, string>; created_at: number }
  >
  MCPServerConnection: Same<
    Plain<MCPServerConnection>,
    {
      id: string
      workspace_id: string
      server_id: string
      enabled: boolean
      status: 'connected' | 'disconnected' | 'error'
      created_at: number
    }
  >
  Prompt: Same<Plain<Prompt>, { id: string; name: string; content: string; variables?: string[]; created_at: number; updated_at: number }>
  Tool: Same<
    Plain<Tool>,
    { name: string; description: string; input_schema: { type: 'object'; properties: Record<string, Json>; required?: string[] } }
  >
  ToolResult: Same<Plain<ToolResult>, { tool_call_id: string; result: Json; error?: string }>
  UsageStats: Same<
    Plain<UsageStats>,
    {
      id: string
      workspace_id: string
      model: string
      provider: string
      input_tokens: number
      output_tokens: number
      total_tokens: number
      cost: number
      timestamp: number
    }
  >
  Agent: Same<Plain<Agent>, { id: string; name: string; description: string; version: string; source: string; installed_at: number }>
  AgentInfo: Same<
    Plain<AgentInfo>,
    {
      id: string
      name: string
      description: string
      version: string
      manifest: { name: string; description: string; version: string; author?: string; tools?: string[]; instructions?: string }
    }
  >
  PythonRuntimeStatus: Same<Plain<PythonRuntimeStatus>, Runtime>
  NodeRuntimeStatus: Same<Plain<NodeRuntimeStatus>, Runtime>
  AddonConfig: Same<
    Plain<AddonConfig>,
    { addons: Array<{ id: string; name: string; description: string; version: string; enabled: boolean }> }
  >
}>
