import type { AgentParameters } from '../../../contract/agents.ts'
import { type BuiltInVariable, fillPrompt } from '../../../contract/prompt-text.ts'
import { type Actor, isGuest, workspaceIdsOf } from '../../platform/auth/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'

/** What a turn takes of the agent that answers it: its version of now. */
export interface AnsweringAgent {
  id: string
  versionId: string
  /** With their variables filled in. Null: none of its own. */
  instructions: string | null
  modelId: string | null
  connectionId: string | null
  parameters: AgentParameters
  /** Null: all that are offered to everybody. */
  tools: string[] | null
  maxSteps: number | null
  /** Guardrails that it names. */
  guardrails: string[]
}

interface Row extends Omit<AnsweringAgent, 'instructions'> {
  instructions: string
  values: Record<string, string>
  time_zone: string | null
}

// $1 agent · $2 who asks · $3 workspace · $4 a guest, whom whoever chose the agent let in
const statement = `
  select a.id, v.id as "versionId", v.instructions, v.variable_values as values, v.model_id as "modelId", v.connection_id as "connectionId", v.parameters, v.tools,
    v.max_steps as "maxSteps", v.guardrails, p.timezone as time_zone
  from agent a join agent_version v on v.agent_id = a.id and v.number = a.version left join profile p on p.user_id = $2
  where a.id = $1 and (a.workspace_id = $3 or a.visibility = 'server') and a.deleted_at is null and ($4 or a.owner_id = $2 or a.visibility in ('workspace', 'server')
    or exists (select from role_grant g where g.scope = 'agent' and g.scope_id = a.id and g.principal_id = $2))`

/** Error: `agent.not_available`, where it was deleted or is not shared with them any more. */
export async function getAnsweringAgent(
  { call }: Pick<Database, 'call'>,
  actor: Actor,
  { agentId, workspaceId }: { agentId: string; workspaceId: string },
): Promise<AnsweringAgent> {
  const mayAsk = isGuest(actor) || workspaceIdsOf(actor).includes(workspaceId)
  const [row] = mayAsk ? await call<Row>('find_answering_agent', statement, [agentId, actor.principalId, workspaceId, isGuest(actor)]) : []
  if (!row) throw new AppError('agent.not_available')
  const { instructions, values, time_zone: timeZone, ...agent } = row
  return {
    ...agent,
    instructions: instructions.includes('{{') ? fillPrompt(instructions, values, builtInOf(actor, timeZone)) : instructions || null,
  }
}

function builtInOf(actor: Actor, knownZone: string | null): Record<BuiltInVariable, string> {
  const timezone = knownZone ?? 'UTC'
  const now = new Date()
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', { timeZone: timezone, ...options }).format(now)
  return {
    date: format({ dateStyle: 'long' }),
    time: format({ timeStyle: 'short' }),
    weekday: format({ weekday: 'long' }),
    // What a guest is called is their own word, and stands in no instructions.
    user: isGuest(actor) ? 'a guest' : actor.name,
    locale: 'en',
    timezone,
    memory: '',
  }
}
