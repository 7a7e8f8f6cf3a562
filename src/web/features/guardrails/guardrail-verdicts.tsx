import { useQuery } from '@tanstack/react-query'
import type { Guardrail } from '../../../contract/guardrails.ts'
import { query } from '../../api.ts'
import { formatInstant, formatNumber } from '../../strings/format.ts'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { g } from './strings.ts'
import './guardrails.css'

const outcomes = ['blocked', 'redacted', 'warned', 'failed', 'passed'] as const

/** How often it held, and the last times, without the words in which it found something. */
export function GuardrailVerdicts({ id }: { id: Guardrail['id'] }) {
  const verdicts = useQuery(query.guardrails.verdicts.queryOptions({ input: { id }, refetchInterval: 15_000 }))
  const { data } = verdicts
  return (
    <SettingsSection title={g('verdicts')}>
      {verdicts.isPending && <RowListSkeleton rows={2} />}
      {verdicts.isError && !data && <ErrorState error={verdicts.error} onRetry={() => void verdicts.refetch()} />}
      {data && (
        <dl className="guardrail-counts">
          {outcomes
            .filter((outcome) => (data.counts[outcome] ?? 0) > 0)
            .map((outcome) => (
              <div key={outcome}>
                <dt>{g(`verdicts.count.${outcome}`)}</dt>
                <dd className="numeric">{formatNumber(data.counts[outcome] ?? 0)}</dd>
              </div>
            ))}
        </dl>
      )}
      {data?.verdicts.length === 0 && <p className="field-help">{g('verdicts.none')}</p>}
      {data && data.verdicts.length > 0 && (
        <Table label={g('verdicts')} stacked>
          <thead>
            <tr>
              <th scope="col">{g('verdicts.when')}</th>
              <th scope="col">{g('verdicts.where')}</th>
              <th scope="col">{g('verdicts.what')}</th>
              <th scope="col">{g('verdicts.found')}</th>
            </tr>
          </thead>
          <tbody>
            {data.verdicts.map(({ id: key, createdAt, place, outcome, found }) => (
              <tr key={key}>
                <td data-numeric>
                  <time dateTime={createdAt}>{formatInstant(createdAt)}</time>
                </td>
                <td data-label={g('verdicts.where')}>{g(`place.${place}`)}</td>
                <td data-label={g('verdicts.what')}>{g(`verdicts.count.${outcome}`)}</td>
                <td data-label={g('verdicts.found')}>{found}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </SettingsSection>
  )
}
