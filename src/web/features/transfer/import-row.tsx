import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { errorTable } from 'virtual:contract'
import type { Import } from '../../../contract/imports.ts'
import { api, query } from '../../api.ts'
import { formatAgo } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { putImport } from './import-cache.ts'
import { s } from './strings.ts'
import { stopUpload, useIsUploading } from './upload-archive.ts'
import { countsInWords, isRunning, notesInWords, shareOf, statusInWords } from './words.ts'

/** An import in the list: how far it is or what came of it. */
export function ImportRow({ one }: { one: Import }) {
  const share = shareOf(one)
  const isUploading = useIsUploading(one.id)
  const name = one.fileName
  const facts = [one.source ? s(`source.${one.source}`) : '', formatAgo(one.createdAt), ...countsInWords(one), ...notesInWords(one.notes)]
  return (
    <li className="import-row">
      <div className="import-text">
        <p className="import-name" title={name}>
          {name}
        </p>
        <p className="import-state" data-tone={one.status === 'failed' ? 'danger' : undefined}>
          {one.error ? `${errorTable[one.error].message} ${errorTable[one.error].action}` : statusInWords(one, isUploading)}
        </p>
        {isRunning(one) && (
          <progress
            className="import-progress"
            aria-label={s('progress.label', { name })}
            {...(share !== null && { value: share, max: 1 })}
          />
        )}
        <p className="import-facts">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <ImportActions one={one} />
    </li>
  )
}

function ImportActions({ one }: { one: Import }) {
  const client = useQueryClient()
  const { id, fileName: name } = one

  async function stop() {
    stopUpload(id)
    try {
      putImport(client, await api.imports.stop({ id }))
    } catch (error) {
      showError(error, s('stop.failed'))
      void client.invalidateQueries({ queryKey: query.imports.key() })
    }
  }

  async function remove() {
    const key = query.imports.list.queryKey({ input: { workspaceId: one.workspaceId } })
    client.setQueryData(key, (known: Import[] | undefined) => known?.filter((other) => other.id !== id))
    try {
      await api.imports.delete({ id })
      showToast({ title: s('removed') })
    } catch (error) {
      showError(error, s('remove.failed'))
      void client.invalidateQueries({ queryKey: key })
    }
  }

  return (
    <div className="import-actions">
      {one.status !== 'uploading' && (
        <Link to="/settings/data/$importId" params={{ importId: id }} aria-label={s('report.label', { name })}>
          {s('report')}
        </Link>
      )}
      {isRunning(one) ? (
        <Button size="s" aria-label={s('stop.label', { name })} onClick={() => void stop()}>
          {s('stop')}
        </Button>
      ) : (
        <Button size="s" variant="quiet" aria-label={s('remove.label', { name })} onClick={() => void remove()}>
          {s('remove')}
        </Button>
      )}
    </div>
  )
}
