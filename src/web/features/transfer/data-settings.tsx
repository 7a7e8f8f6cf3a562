import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Download, FileClock } from 'lucide-react'
import { query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { SettingsPage, SettingsSection } from '../settings/settings-page.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { download } from './download.ts'
import { DropZone } from './drop-zone.tsx'
import { ImportRow } from './import-row.tsx'
import { s } from './strings.ts'
import { isUploading, uploadArchive } from './upload-archive.ts'
import './transfer.css'

/** Conversations from elsewhere, and one's own for elsewhere. */
export function DataSettings() {
  const client = useQueryClient()
  const { id: workspaceId } = useWorkspace()
  const list = useQuery(query.imports.list.queryOptions({ input: { workspaceId } }))
  const size = useQuery(query.exports.size.queryOptions({ input: { workspaceId } }))
  const imports = list.data

  function upload(file: File) {
    const begun = imports?.find(
      (one) => one.status === 'uploading' && one.fileName === file.name && one.sizeBytes === file.size && !isUploading(one.id),
    )
    void uploadArchive(client, workspaceId, file, begun)
  }

  return (
    <SettingsPage title={t('settings.data')}>
      <SettingsSection title={s('import.title')} intro={s('import.intro')}>
        <DropZone onFile={upload} />
        {list.isPending && <RowListSkeleton rows={2} />}
        {list.isError && !imports && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {imports?.length === 0 && (
          <EmptyState icon={FileClock} title={s('list.none')}>
            {s('list.none.text')}
          </EmptyState>
        )}
        {imports && imports.length > 0 && (
          <ul className="import-list" aria-label={s('list.title')}>
            {imports.map((one) => (
              <ImportRow key={one.id} one={one} />
            ))}
          </ul>
        )}
      </SettingsSection>
      <SettingsSection title={s('export.title')} intro={s('export.intro')}>
        <div className="export-all">
          <Button
            icon={Download}
            disabled={size.data?.conversations === 0}
            onClick={() => download(`/api/workspaces/${encodeURIComponent(workspaceId)}/export`)}
          >
            {s('export.action')}
          </Button>
          {size.data && (
            <span className="export-count">
              {size.data.conversations === 0 ? s('export.none') : s('export.count', { count: size.data.conversations })}
            </span>
          )}
        </div>
        <p className="settings-intro">{s('export.one')}</p>
      </SettingsSection>
    </SettingsPage>
  )
}
