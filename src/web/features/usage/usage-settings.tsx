import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChartNoAxesColumn } from 'lucide-react'
import type { UsageRow } from '../../../contract/usage.ts'
import { query } from '../../api.ts'
import { formatDuration, formatInstant, formatNumber, formatUsd } from '../../strings/format.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { m } from '../models/strings.ts'
import { SettingsPage } from '../settings/settings-page.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { u } from './strings.ts'
import './usage-settings.css'

export function UsageSettings() {
  const workspace = useWorkspace()
  const usage = useInfiniteQuery(
    query.usage.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ workspaceId: workspace.id, ...(cursor === undefined ? {} : { cursor }) }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      staleTime: 10_000,
    }),
  )
  const rows = usage.data?.pages.flatMap((page) => page.rows)
  const total = usage.data?.pages[0]?.total

  return (
    <SettingsPage title={t('settings.usage')} width="wide" intro={u('intro')}>
      {usage.isPending && <TableSkeleton rows={6} columns={6} />}
      {usage.isError && !usage.data && <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />}
      {rows?.length === 0 && (
        <EmptyState
          icon={ChartNoAxesColumn}
          title={u('empty.title')}
          action={
            <Link to="/" className="button" data-variant="primary">
              {u('empty.action')}
            </Link>
          }
        >
          {u('empty.text')}
        </EmptyState>
      )}
      {total && rows && rows.length > 0 && (
        <>
          <dl className="totals">
            <Total label={u('total.calls')} value={formatNumber(total.calls)} />
            <Total label={u('total.tokens')} value={formatNumber(total.tokens)} />
            <Total
              label={u('total.cost')}
              value={formatUsd(total.costNanoUsd)}
              note={total.unknownCostCalls > 0 ? u('total.unknown', { count: total.unknownCostCalls }) : undefined}
            />
          </dl>
          <Table label={t('settings.usage')} stacked>
            <thead>
              <tr>
                <th scope="col">{u('column.when')}</th>
                <th scope="col">{u('column.model')}</th>
                <th scope="col">{u('column.who')}</th>
                <th scope="col" data-align="end">
                  {u('column.input')}
                </th>
                <th scope="col" data-align="end">
                  {u('column.output')}
                </th>
                <th scope="col" data-align="end">
                  {u('column.latency')}
                </th>
                <th scope="col" data-align="end">
                  {u('column.cost')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <UsageTableRow key={row.id} row={row} />
              ))}
            </tbody>
          </Table>
          {usage.hasNextPage && (
            <div>
              <Button isPending={usage.isFetchingNextPage} onClick={() => void usage.fetchNextPage()}>
                {u('more')}
              </Button>
            </div>
          )}
        </>
      )}
    </SettingsPage>
  )
}

function Total({ label, value, note }: { label: string; value: string; note?: string | undefined }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="numeric">{value}</dd>
      {note && <dd className="totals-note">{note}</dd>}
    </div>
  )
}

function UsageTableRow({ row }: { row: UsageRow }) {
  const { tokens } = row
  return (
    <tr>
      <td data-numeric>
        <time dateTime={row.createdAt}>{formatInstant(row.createdAt)}</time>
      </td>
      <td>
        <span className="table-main">{row.modelName}</span>
        <span className="table-sub">
          {u('column.key')}: {m(`key.${row.keyOrigin}`)}
        </span>
      </td>
      <td>
        {u(`purpose.${row.purpose}`)}
        {row.type === 'agent' && <span className="table-sub">{u('type.agent')}</span>}
        <span className="table-sub">{row.userName ?? u('nobody')}</span>
      </td>
      <td data-label={u('column.input')} data-align="end" data-numeric>
        {formatNumber(tokens.input)}
        {tokens.cacheRead > 0 && <span className="table-sub">{u('tokens.cached', { count: tokens.cacheRead })}</span>}
      </td>
      <td data-label={u('column.output')} data-align="end" data-numeric>
        {formatNumber(tokens.output)}
        {tokens.reasoning > 0 && <span className="table-sub">{u('tokens.reasoning', { count: tokens.reasoning })}</span>}
        {row.isEstimated && <span className="table-sub">{u('tokens.estimated')}</span>}
      </td>
      <td data-label={u('column.latency')} data-align="end" data-numeric>
        {formatDuration(row.latencyMs)}
      </td>
      <td data-label={u('column.cost')} data-align="end" data-numeric>
        {row.costNanoUsd === null ? u('cost.unknown') : formatUsd(row.costNanoUsd)}
      </td>
    </tr>
  )
}
