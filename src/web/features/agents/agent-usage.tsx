import { useQuery } from '@tanstack/react-query'
import type { Agent, AgentUsage as Usage } from '../../../contract/agents.ts'
import { query } from '../../api.ts'
import { formatDay, formatNumber, formatUsd } from '../../strings/format.ts'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { a } from './strings.ts'

/** By day, in the time zone of who looks. */
export function AgentUsage({ id }: { id: Agent['id'] }) {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const usage = useQuery(query.agents.usage.queryOptions({ input: { id, timeZone } }))
  return (
    <section className="agent-section" aria-labelledby="agent-usage">
      <h2 id="agent-usage">{a('usage.title')}</h2>
      {usage.isPending && <RowListSkeleton rows={1} />}
      {usage.isError && !usage.data && <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />}
      {usage.data && usage.data.days.length === 0 && <p className="field-help">{a('usage.none')}</p>}
      {usage.data && usage.data.days.length > 0 && (
        <div className="agent-usage">
          <table>
            <thead>
              <tr>
                <th scope="col">{a('usage.day')}</th>
                <th scope="col">{a('usage.turns')}</th>
                <th scope="col">{a('usage.tokens')}</th>
                <th scope="col">{a('usage.cost')}</th>
              </tr>
            </thead>
            <tbody>
              {usage.data.days.toReversed().map(({ day, ...sums }) => (
                <Line key={day} head={formatDay(`${day}T12:00:00`)} sums={sums} />
              ))}
            </tbody>
            <tfoot>
              <Line head={a('usage.total')} sums={usage.data.total} />
            </tfoot>
          </table>
        </div>
      )}
    </section>
  )
}

function Line({ head, sums }: { head: string; sums: Usage['total'] }) {
  const cost = formatUsd(sums.costNanoUsd)
  return (
    <tr>
      <th scope="row">{head}</th>
      <td>{formatNumber(sums.turns)}</td>
      <td>{formatNumber(sums.tokens)}</td>
      <td>{sums.unknownCostCalls > 0 ? a('usage.at_least', { cost }) : cost}</td>
    </tr>
  )
}
