import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { importOutcomes } from '../../../contract/import-choices.ts'
import type { Import } from '../../../contract/imports.ts'
import { query } from '../../api.ts'
import { Select } from '../../ui/field.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { ReportTable } from './report-table.tsx'
import { s } from './strings.ts'
import { useIsUploading } from './upload-archive.ts'
import { countsInWords, notesInWords, statusInWords } from './words.ts'
import './transfer.css'

const route = getRouteApi('/app/settings/data/$importId')

/** What became of each conversation of an archive. */
export function ImportReport() {
  const { importId } = route.useParams()
  const { outcome } = route.useSearch()
  const navigate = route.useNavigate()
  const found = useQuery(query.imports.get.queryOptions({ input: { id: importId as Import['id'] } }))
  const one = found.data
  const isUploading = useIsUploading(importId)
  return (
    <SettingsPage title={one ? one.fileName : s('report.title')} width="wide">
      <p>
        <Link to="/settings/data">{s('report.back')}</Link>
      </p>
      {found.isPending && <RowListSkeleton rows={6} />}
      {found.isError && !one && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {one && (
        <>
          <p className="settings-intro">
            {[statusInWords(one, isUploading), ...countsInWords(one), ...notesInWords(one.notes)].join(' · ')}
          </p>
          <div className="report-filter">
            <Select
              aria-label={s('report.filter')}
              value={outcome ?? ''}
              onChange={(value) => void navigate({ search: { outcome: value || undefined }, replace: true })}
              options={[
                { value: '', label: s('report.any', { count: importOutcomes.reduce((sum, name) => sum + one.counts[name], 0) }) },
                ...importOutcomes.map((name) => ({
                  value: name,
                  label: s('outcome.count', { outcome: s(`outcome.${name}`), count: one.counts[name] }),
                })),
              ]}
            />
          </div>
          <ReportTable key={outcome ?? ''} importId={one.id} outcome={outcome} />
        </>
      )}
    </SettingsPage>
  )
}
