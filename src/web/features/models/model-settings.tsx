import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Cpu } from 'lucide-react'
import { useState } from 'react'
import type { Model } from '../../../contract/models.ts'
import { query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { FormSkeleton, TableSkeleton } from '../../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { type Sort, sortFromText, sortToText } from '../../ui/table.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { DefaultModel } from './default-model.tsx'
import { DefaultSearch } from './default-search.tsx'
import { filterModels, sortModels } from './model-rows.ts'
import './model-settings.css'
import { ModelTable } from './model-table.tsx'
import { PriceDialog } from './price-dialog.tsx'
import { m } from './strings.ts'

export function ModelSettings() {
  const workspace = useWorkspace()
  const navigate = useNavigate({ from: '/settings/models' })
  const { q = '', sort: sortText } = useSearch({ from: '/app/settings/models' })
  const sort = sortFromText(sortText, { by: 'provider', descending: false })
  const list = useQuery(query.models.list.queryOptions({ input: { workspaceId: workspace.id } }))
  const [pricing, setPricing] = useState<Model | null>(null)
  const shown = list.data && sortModels(filterModels(list.data.models, q), sort)

  const setSearch = (next: string) => void navigate({ search: (before) => ({ ...before, q: next || undefined }), replace: true })
  const setSort = (next: Sort) => void navigate({ search: (before) => ({ ...before, sort: sortToText(next) }), replace: true })

  return (
    <SettingsPage title={t('settings.models')} width="wide" intro={m('intro')}>
      {list.isPending && (
        <>
          <div className="default-model">
            <FormSkeleton fields={2} />
          </div>
          <TableSkeleton rows={6} columns={6} />
        </>
      )}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.models.length === 0 && (
        <EmptyState
          icon={Cpu}
          title={m('empty.title')}
          action={
            <Link to="/settings/connections" className="button" data-variant="primary">
              {m('empty.action')}
            </Link>
          }
        >
          {m('empty.text')}
        </EmptyState>
      )}
      {list.data && list.data.models.length > 0 && shown && (
        <>
          <DefaultModel models={list.data.models} effective={list.data.effective} />
          <DefaultSearch />
          <div className="models-filter">
            <input
              type="search"
              className="input"
              placeholder={m('search')}
              aria-label={m('search')}
              value={q}
              onChange={(event) => setSearch(event.target.value)}
            />
            <p className="numeric" role="status">
              {m('count', { count: shown.length })}
            </p>
          </div>
          {shown.length === 0 ? (
            <p>{m('none', { search: q })}</p>
          ) : (
            <ModelTable models={shown} sort={sort} onSort={setSort} onPrice={setPricing} />
          )}
        </>
      )}
      {pricing && <PriceDialog model={pricing} onClose={() => setPricing(null)} />}
    </SettingsPage>
  )
}
