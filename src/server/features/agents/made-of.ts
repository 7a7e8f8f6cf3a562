import type { agents as contract } from '../../../contract/agents.ts'
import { problemsOf, variablesOf } from '../../../contract/prompt-text.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { pinPrompt } from '../prompts/index.ts'
import type { AgentDeps } from './agent-deps.ts'
import type { Made } from './store.ts'

export type GivenParts = Pick<
  InputOf<typeof contract.update>,
  | 'instructions'
  | 'prompt'
  | 'values'
  | 'modelId'
  | 'connectionId'
  | 'parameters'
  | 'tools'
  | 'starters'
  | 'maxSteps'
  | 'guardrails'
  | 'note'
>

export const nothing: Made = {
  instructions: '',
  prompt_version_id: null,
  variable_values: {},
  model_id: null,
  connection_id: null,
  parameters: { temperature: null, maxTokens: null, topP: null, topK: null, thinking: null, webSearch: null },
  tools: null,
  starters: [],
  max_steps: null,
  guardrails: [],
  note: null,
}

/**
 * What the actor may not use themselves they cannot give to an agent; what it has already stays. Not inside a transaction.
 * Errors: `model.not_found`, `connection.not_found`, `agent.tool_unknown`.
 */
export async function requireGivable(deps: AgentDeps, actor: Actor, workspaceId: string, before: Made, given: GivenParts): Promise<void> {
  const { modelId, connectionId, tools, guardrails = [] } = given
  await deps.requireUsable(actor, workspaceId, {
    modelId: modelId === before.model_id ? null : (modelId ?? null),
    connectionId: connectionId === before.connection_id ? null : (connectionId ?? null),
  })
  await deps.requireGuardrails(
    workspaceId,
    guardrails.filter((id) => !before.guardrails.includes(id)),
  )
  if (!tools || tools.length === 0) return
  const known = new Set([...(before.tools ?? []), ...(await deps.listTools(actor, workspaceId)).map(({ name }) => name)])
  const unknown = tools.filter((name) => !known.has(name))
  if (unknown.length > 0) throw new AppError('agent.tool_unknown', { detail: unknown.join(', ') })
}

/** What was given in the place of what was there. Undefined: nothing changes. Errors: `prompt.not_found`, `agent.values_missing`. */
export async function changedParts(tx: Tx, actor: Actor, before: Made, given: GivenParts): Promise<Made | undefined> {
  const text = await textOf(tx, actor, before, given)
  const variables = variablesOf(text.instructions)
  const values = given.values ?? before.variable_values
  const made: Made = {
    ...text,
    // Of the variables that stand there now.
    variable_values: Object.fromEntries(
      variables.flatMap(({ name }) => (Object.hasOwn(values, name) ? [[name, values[name] as string]] : [])),
    ),
    model_id: given.modelId === undefined ? before.model_id : given.modelId,
    connection_id: given.connectionId === undefined ? before.connection_id : given.connectionId,
    parameters: { ...before.parameters, ...definedOf(given.parameters ?? {}) },
    tools: given.tools === undefined ? before.tools : given.tools && [...new Set(given.tools)],
    starters: given.starters ?? before.starters,
    max_steps: given.maxSteps === undefined ? before.max_steps : given.maxSteps,
    guardrails: given.guardrails ? [...new Set(given.guardrails)] : before.guardrails,
    note: given.note || null,
  }
  const wrong = [...problemsOf(variables, made.variable_values).keys()]
  if (wrong.length > 0) throw new AppError('agent.values_missing', { detail: wrong.join(', ') })
  return isSame(before, made) ? undefined : made
}

async function textOf(tx: Tx, actor: Actor, before: Made, { instructions, prompt }: GivenParts) {
  if (prompt) {
    const { versionId, content } = await pinPrompt(tx, actor, prompt)
    return { instructions: content, prompt_version_id: versionId }
  }
  const text = instructions ?? before.instructions
  const isPinned = prompt === undefined && text === before.instructions
  return { instructions: text, prompt_version_id: isPinned ? before.prompt_version_id : null }
}

const definedOf = <Values extends object>(values: Values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Values]-?: NonNullable<Values[Name]>
  }

/** Whatever it was in: JSON from the database has its keys in another order. */
const isSame = (before: Made, now: Made): boolean =>
  (Object.keys(nothing) as (keyof Made)[]).every((key) => key === 'note' || sorted(before[key]) === sorted(now[key]))

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
