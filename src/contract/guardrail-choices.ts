// What the web app needs of guardrails without their schemas.

export const guardrailKinds = ['pattern', 'personal_data', 'length', 'topics', 'judge'] as const
export type GuardrailKind = (typeof guardrailKinds)[number]

/** `input`: what a person sends. `output`: what a model writes, its reasoning and the arguments of its tool calls included. */
export const guardrailPlaces = ['input', 'output', 'tool_results'] as const
export type GuardrailPlace = (typeof guardrailPlaces)[number]

export const guardrailActions = ['block', 'redact', 'warn'] as const
export type GuardrailAction = (typeof guardrailActions)[number]

export const personalDataKinds = ['email', 'phone', 'iban', 'card', 'ip', 'national_id'] as const
export type PersonalDataKind = (typeof personalDataKinds)[number]

/** Only these know which words it is about. */
export const canRedact = (kind: GuardrailKind): boolean => kind === 'pattern' || kind === 'personal_data'

export const guardrailLimits = {
  count: 100,
  name: 100,
  message: 500,
  words: 500,
  word: 200,
  expressions: 50,
  expression: 500,
  topics: 20,
  topic: 60,
  examples: 20,
  example: 500,
  question: 2_000,
  timeoutSeconds: 60,
  /** What one passage may be long that an expression finds in an answer while it is written. */
  passage: 500,
  tried: 1_000_000,
  ofAgent: 50,
} as const
