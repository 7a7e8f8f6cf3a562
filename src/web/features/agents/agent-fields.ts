import type { Agent } from '../../../contract/agents.ts'
import { agentLimits, type AgentColor } from '../../../contract/agent-choices.ts'
import type { ConnectionId, GuardrailId, ModelId, PromptId } from '../../../contract/ids.ts'
import { problemsOf as problemsOfValues, variablesOf } from '../../../contract/prompt-text.ts'
import type { WebSearch } from '../../../contract/web-search.ts'
import { a } from './strings.ts'

/** An agent as its form has it: numbers as they are typed, starters as lines. */
export interface AgentFields {
  name: string
  description: string
  icon: string
  color: AgentColor
  visibility: Agent['visibility']
  /** `<prompt>.<number>`, or empty: written here. */
  prompt: string
  instructions: string
  values: Record<string, string>
  modelId: ModelId | null
  connectionId: ConnectionId | null
  temperature: string
  maxTokens: string
  topP: string
  topK: string
  thinking: '' | 'off' | 'low' | 'medium' | 'high'
  webSearch: '' | WebSearch
  maxSteps: string
  tools: string[] | null
  guardrails: GuardrailId[]
  starters: string
  note: string
}

export const noFields: AgentFields = {
  name: '',
  description: '',
  icon: '🤖',
  color: 'grey',
  visibility: 'own',
  prompt: '',
  instructions: '',
  values: {},
  modelId: null,
  connectionId: null,
  temperature: '',
  maxTokens: '',
  topP: '',
  topK: '',
  thinking: '',
  webSearch: '',
  maxSteps: '',
  tools: null,
  guardrails: [],
  starters: '',
  note: '',
}

const typed = (value: number | null) => (value === null ? '' : String(value))

export function fieldsOf({ name, description, icon, color, visibility, current }: Agent): AgentFields {
  const { parameters, prompt } = current
  return {
    name,
    description,
    icon,
    color,
    visibility,
    prompt: prompt ? `${prompt.id}.${prompt.number}` : '',
    instructions: current.instructions,
    values: current.values,
    modelId: current.modelId,
    connectionId: current.connectionId,
    temperature: typed(parameters.temperature),
    maxTokens: typed(parameters.maxTokens),
    topP: typed(parameters.topP),
    topK: typed(parameters.topK),
    thinking: parameters.thinking ?? '',
    webSearch: parameters.webSearch ?? '',
    maxSteps: typed(current.maxSteps),
    tools: current.tools,
    guardrails: current.guardrails,
    starters: current.starters.join('\n'),
    note: '',
  }
}

const number = (text: string): number | null => (text.trim() === '' ? null : Number(text.trim().replace(',', '.')))
const lines = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
]

/** As the server takes it. What a pinned prompt says is the server's to read. */
export function inputOf(fields: AgentFields, before: AgentFields) {
  const {
    name,
    description,
    icon,
    color,
    visibility,
    prompt,
    instructions,
    values,
    modelId,
    connectionId,
    thinking,
    webSearch,
    tools,
    note,
  } = fields
  const [id, version] = prompt.split('.')
  return {
    name,
    description,
    icon,
    color,
    visibility,
    ...(prompt === ''
      ? { instructions, prompt: null }
      : prompt !== before.prompt && { prompt: { id: id as PromptId, number: Number(version) } }),
    values,
    modelId,
    connectionId,
    parameters: {
      temperature: number(fields.temperature),
      maxTokens: number(fields.maxTokens),
      topP: number(fields.topP),
      topK: number(fields.topK),
      thinking: thinking === '' ? null : thinking,
      webSearch: webSearch === '' ? null : webSearch,
    },
    maxSteps: number(fields.maxSteps),
    tools,
    guardrails: fields.guardrails,
    starters: lines(fields.starters),
    ...(note.trim() !== '' && { note }),
  }
}

export const ranges = {
  temperature: [0, 2],
  maxTokens: [1, 10_000_000],
  topP: [0, 1],
  topK: [1, 1000],
  maxSteps: [1, agentLimits.steps],
} as const

/** Words for what is wrong, by field. */
export function checkFields(fields: AgentFields): Partial<Record<keyof AgentFields, string>> {
  const wrong: Partial<Record<keyof AgentFields, string>> = {}
  if (fields.name.trim() === '') wrong.name = a('form.name.missing')
  if (!/^\p{RGI_Emoji}$/v.test(fields.icon)) wrong.icon = a('form.icon.wrong')
  for (const [field, [from, to]] of Object.entries(ranges) as [keyof typeof ranges, readonly [number, number]][]) {
    const value = number(fields[field])
    const isWhole = field === 'temperature' || field === 'topP' || Number.isInteger(value)
    if (value !== null && !(value >= from && value <= to && isWhole)) wrong[field] = a('form.number.range', { from, to })
  }
  const starters = lines(fields.starters)
  if (starters.length > agentLimits.starters || starters.some((line) => line.length > agentLimits.starter))
    wrong.starters = a('form.starters.wrong', { count: agentLimits.starters, length: agentLimits.starter })
  if (problemsOfValues(variablesOf(fields.instructions), fields.values).size > 0) wrong.values = a('form.value.missing')
  return wrong
}
