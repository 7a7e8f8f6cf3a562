import { describe, expect, test } from 'vitest'
import { AgentPackage } from '../contract/agent-packages.ts'
import { Conversation } from '../contract/conversations.ts'
import { Message } from '../contract/messages.ts'
import { Connection } from '../contract/models.ts'
import { Prompt } from '../contract/prompts.ts'
import { variablesOf } from '../contract/prompt-text.ts'
import { UsageRow } from '../contract/usage.ts'
import { Workspace, WorkspaceSettings } from '../contract/workspaces.ts'
import {
  toAgent,
  toAgentInfo,
  toChat,
  toLLMConnection,
  toMessages,
  toPrompt,
  toUsageStats,
  toWorkspace,
  toWorkspaceSettings,
} from './from-contract.ts'

const workspaceId = '019a0000-0000-7000-8000-000000000001'
const conversationId = '019a0000-0000-7000-8000-000000000002'
const messageId = '019a0000-0000-7abc-8000-000000000003'
const modelId = '019a0000-0000-7000-8000-000000000004'
const connectionId = '019a0000-0000-7000-8000-000000000005'
const turnId = '019a0000-0000-7000-8000-000000000006'
const at = '2026-11-22T10:00:00.900Z'
const seconds = 1_795_341_600

/** As it goes over the wire: fields without a value are gone. */
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('a workspace', () => {
  test('keeps its name and the second it was made in', () => {
    const workspace = Workspace.parse({ id: workspaceId, name: 'Blue', kind: 'team', createdAt: at })
    expect(wire(toWorkspace(workspace))).toEqual({ id: workspaceId, name: 'Blue', created_at: seconds })
  })

  test('has settings that name the model as its provider does and leave out what nobody set', () => {
    const settings = WorkspaceSettings.parse({
      defaultModelId: modelId,
      systemPrompt: 'Be brief.',
      trashAfterDays: null,
      purgeAfterDays: null,
      thinking: null,
      temperature: 0,
      maxTokens: 500,
      topP: 0.9,
      frequencyPenalty: -1,
      presencePenalty: null,
    })
    const models = [{ id: settings.defaultModelId!, internalName: 'gpt-5' }]
    expect(wire(toWorkspaceSettings(workspaceId, settings, models))).toEqual({
      workspace_id: workspaceId,
      default_model: 'gpt-5',
      system_prompt: 'Be brief.',
      temperature: 0,
      max_tokens: 500,
      top_p: 0.9,
      frequency_penalty: -1,
    })
    expect(toWorkspaceSettings(workspaceId, settings, []).default_model).toBeUndefined()
  })
})

test('a prompt names its variables', () => {
  const content = 'Explain {{it}} in {{words = 100}} words on {{date}}.'
  const prompt = Prompt.parse({
    id: messageId,
    workspaceId,
    name: 'Explain',
    visibility: 'own',
    isMine: true,
    version: 1,
    versionId: conversationId,
    preview: content,
    variables: variablesOf(content),
    usedAt: null,
    createdAt: at,
    updatedAt: at,
    content,
    isVersionUsed: false,
  })
  expect(toPrompt(prompt)).toEqual({
    id: messageId,
    name: 'Explain',
    content,
    variables: ['it', 'words'],
    created_at: seconds,
    updated_at: seconds,
  })
})

test('a conversation becomes a chat', () => {
  const conversation = Conversation.parse({
    id: conversationId,
    workspaceId,
    title: 'Rain',
    source: 'web',
    headId: messageId,
    modelId: null,
    connectionId: null,
    agentId: null,
    lastMessagePreview: 'It will rain.',
    forkedFromConversationId: null,
    forkedFromMessageId: null,
    spawnedByConversationId: null,
    spawnedByMessageId: null,
    expiresAt: null,
    isAnswering: false,
    isPinned: false,
    isArchived: false,
    tags: [],
    showsUsage: false,
    usageAlertNanoUsd: null,
    usageAlertedAt: null,
    createdAt: at,
    updatedAt: '2026-11-22T10:01:00Z',
  })
  const chat = { id: conversationId, workspace_id: workspaceId, title: 'Rain', created_at: seconds, updated_at: seconds + 60 }
  expect(wire(toChat(conversation))).toEqual({ ...chat, last_message: 'It will rain.' })
  expect(wire(toChat({ ...conversation, lastMessagePreview: null }))).toEqual(chat)
  const child = { ...conversation, lastMessagePreview: null, spawnedByConversationId: conversation.id }
  expect(wire(toChat(child))).toEqual({ ...chat, parent_id: conversationId })
  const withAgent = { ...conversation, lastMessagePreview: null, agentId: turnId as never }
  expect(wire(toChat(withAgent))).toEqual({ ...chat, agent_id: turnId })
})

describe('a message', () => {
  const message = Message.parse({
    id: messageId,
    conversationId,
    parentId: null,
    role: 'assistant',
    authorName: 'Parley',
    depth: 1,
    serial: 2,
    siblingIds: [messageId],
    summary: null,
    feedback: null,
    createdAt: at,
    parts: [
      { type: 'reasoning', step: 1, text: 'A sum.', durationMs: 20 },
      { type: 'text', step: 1, text: 'Let me see.' },
      {
        type: 'tool-call',
        step: 1,
        callId: 'call-1',
        toolName: 'calculate',
        arguments: {},
        state: 'completed',
        result: '42',
        durationMs: 3,
      },
      { type: 'tool-call', step: 1, callId: 'call-2', toolName: 'fetch', arguments: {}, state: 'asked', result: null, durationMs: null },
      { type: 'text', step: 2, text: 'It is **42**.' },
    ],
    answer: {
      turnId,
      state: 'completed',
      modelId,
      modelName: 'gpt-5',
      provider: 'openai',
      keyOrigin: 'house',
      error: null,
      tokens: { input: 100, output: 20, reasoning: 5, cacheRead: 60, cacheWrite: 0 },
      costNanoUsd: '1250000',
      latencyMs: 900,
    },
  })

  test('has its text and reasoning, and how the answer came about', () => {
    expect(wire(toMessages(message)[0])).toEqual({
      id: messageId,
      chat_id: conversationId,
      role: 'assistant',
      content: 'Let me see.\n\nIt is **42**.',
      reasoning: 'A sum.',
      timestamp: seconds,
      metadata: {
        model: 'gpt-5',
        provider: 'openai',
        input_tokens: 100,
        output_tokens: 20,
        total_tokens: 120,
        cost: 0.00125,
        latency_ms: 900,
      },
    })
  })

  test('is followed by one message for each tool call that has ended, with an id of its own', () => {
    const [, ...results] = toMessages(message)
    expect(wire(results)).toEqual([
      {
        id: '019a0000-0000-8002-8000-000000000003',
        chat_id: conversationId,
        role: 'tool',
        content: '42',
        timestamp: seconds,
        assistant_message_id: messageId,
        tool_call_id: 'call-1',
      },
    ])
  })

  test('of a person has neither reasoning nor metadata', () => {
    const written = Message.parse({ ...message, role: 'user', answer: null, parts: [{ type: 'text', step: 0, text: 'What is 6 × 7?' }] })
    expect(wire(toMessages(written))).toEqual([
      { id: messageId, chat_id: conversationId, role: 'user', content: 'What is 6 × 7?', timestamp: seconds },
    ])
  })

  test('of unknown cost says nothing about it', () => {
    const [answer] = toMessages({ ...message, answer: { ...message.answer!, costNanoUsd: null, tokens: null, latencyMs: null } })
    expect(wire(answer)).toMatchObject({ metadata: { model: 'gpt-5', provider: 'openai' } })
    expect(Object.keys((wire(answer) as { metadata: object }).metadata)).toEqual(['model', 'provider'])
  })
})

describe('a connection', () => {
  const connection = Connection.parse({
    id: connectionId,
    provider: 'openai-compatible',
    name: 'Lab',
    baseUrl: 'https://lab.example/v1',
    keyLast4: 'wxyz',
    headerNames: ['X-Team'],
    ownership: 'own',
    isManaged: false,
    isDefault: true,
    status: 'ready',
    statusReason: null,
    modelCount: 3,
    createdAt: at,
  })

  test('shows the end of its key and the names of its headers, never a value', () => {
    expect(wire(toLLMConnection(connection))).toEqual({
      id: connectionId,
      name: 'Lab',
      provider: 'openai-compatible',
      api_key: '••••wxyz',
      base_url: 'https://lab.example/v1',
      custom_headers: { 'X-Team': '••••' },
      created_at: seconds,
    })
  })

  test('without a key, an address or headers says so', () => {
    const bare = toLLMConnection({ ...connection, keyLast4: null, baseUrl: null, headerNames: [] })
    expect(bare).toMatchObject({ api_key: '', base_url: '', custom_headers: undefined })
  })
})

describe('an agent of a package', () => {
  const tools = { runtime: 'node', entry: 'server.mjs', offers: [{ name: 'tides', description: 'Looks tides up' }] }
  const about = { name: 'Tides', description: 'Knows tides', version: '1.2.0' }
  const installed = AgentPackage.parse({
    id: '019a0000-0000-7000-8000-000000000008',
    workspaceId,
    agentId: '019a0000-0000-7000-8000-000000000009',
    packageId: 'org.example.tides',
    current: {
      number: 1,
      manifest: { id: 'org.example.tides', ...about, author: 'Ada', instructions: 'You know tides.', tools },
      source: { kind: 'git', fileName: null, url: 'https://example.org/tides.git', revision: 'main', commit: 'abc', subPath: null },
      sha256: 'd'.repeat(64),
      envNames: [],
      installedByName: 'Ada',
      installedAt: at,
    },
    serverId: null,
    notes: [],
  })

  test('says where it came from and what it is made of', () => {
    const { agentId: id } = installed
    expect(wire(toAgent(installed))).toEqual({ id, ...about, source: 'https://example.org/tides.git#abc', installed_at: seconds })
    expect(wire(toAgentInfo(installed))).toEqual({
      id,
      ...about,
      manifest: { ...about, author: 'Ada', tools: ['tides'], instructions: 'You know tides.' },
    })
  })

  test('of a file names the file', () => {
    const source = { kind: 'file' as const, fileName: 'tides.zip', url: null, revision: null, commit: null, subPath: null }
    expect(toAgent({ ...installed, current: { ...installed.current, source } }).source).toBe('tides.zip')
  })
})

describe('a row of the ledger', () => {
  const row = UsageRow.parse({
    id: '019a0000-0000-7000-8000-000000000007',
    type: 'user',
    purpose: 'answer',
    userName: 'Ada',
    modelName: 'claude-sonnet-4',
    provider: 'anthropic',
    keyOrigin: 'user',
    tokens: { input: 7, output: 3, reasoning: 1, cacheRead: 2, cacheWrite: 1 },
    costNanoUsd: '1',
    isEstimated: false,
    latencyMs: 10,
    createdAt: at,
  })

  test('counts tokens once and money in dollars', () => {
    expect(toUsageStats(workspaceId, row)).toEqual({
      id: row.id,
      workspace_id: workspaceId,
      model: 'claude-sonnet-4',
      provider: 'anthropic',
      input_tokens: 7,
      output_tokens: 3,
      total_tokens: 10,
      cost: 1e-9,
      timestamp: seconds,
    })
  })

  test('never shows an unknown cost as nothing', () => {
    expect(toUsageStats(workspaceId, { ...row, costNanoUsd: null }).cost).toBeNaN()
  })
})
