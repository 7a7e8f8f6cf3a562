import { sql } from 'kysely'
import type { AgentUsage } from '../../../contract/agents.ts'
import type { Db } from '../../platform/db/index.ts'

interface DayRow {
  day: string | null
  turns: number
  calls: number
  tokens: number
  cost: bigint
  unknown: number
}

/** By the settings that the turns ran with: what answers a turn costs no column and no write more. Of one of the server wherever it answered. The sum of all days comes last, with no day. */
export async function usageByDay(
  db: Db,
  agent: { id: string; workspace_id: string; visibility: string },
  { days, timeZone }: { days: number; timeZone: string },
): Promise<AgentUsage> {
  const { rows } = await sql<DayRow>`
    select to_char(u.created_at at time zone ${timeZone}, 'YYYY-MM-DD') as day, count(distinct u.turn_id)::int as turns, count(*)::int as calls,
      coalesce(sum(u.input_tokens::bigint + u.output_tokens), 0)::float8 as tokens, coalesce(sum(u.cost_nano_usd), 0)::bigint as cost,
      count(*) filter (where u.cost_nano_usd is null)::int as unknown
    from usage u join turn t on t.id = u.turn_id join settings_snapshot s on s.id = t.settings_id
    where (${agent.visibility === 'server'} or u.workspace_id = ${agent.workspace_id} and s.workspace_id = ${agent.workspace_id}) and s.settings ->> 'agentId' = ${agent.id}
      and u.created_at >= (date_trunc('day', now() at time zone ${timeZone}) - make_interval(days => ${days}::int - 1)) at time zone ${timeZone}
    group by grouping sets ((1), ()) order by 1 nulls last`.execute(db)
  const present = ({ turns, calls, tokens, cost, unknown }: DayRow) => ({
    turns,
    calls,
    tokens,
    costNanoUsd: cost.toString(),
    unknownCostCalls: unknown,
  })
  const total = rows.find(({ day }) => day === null)
  return {
    days: rows.flatMap((row) => (row.day === null ? [] : [{ day: row.day, ...present(row) }])),
    total: present(total ?? { day: null, turns: 0, calls: 0, tokens: 0, cost: 0n, unknown: 0 }),
  }
}
