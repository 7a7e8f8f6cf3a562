import { useQuery } from '@tanstack/react-query'
import { Package } from 'lucide-react'
import { useState } from 'react'
import type { NewPackageSource } from '../../../contract/agent-packages.ts'
import { query } from '../../api.ts'
import { type ApiError, toApiError } from '../../errors.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormSummary } from '../../ui/form.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { p } from './strings.ts'

/** What the gallery offers. Looking at one leads where all others lead, too. */
export function GalleryList({ inspect }: { inspect: (source: NewPackageSource) => Promise<void> }) {
  const gallery = useQuery(query.agentPackages.gallery.queryOptions({ retry: false, staleTime: 60_000 }))
  const [search, setSearch] = useState('')
  const [pending, setPending] = useState<string | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  if (gallery.isPending) return <RowListSkeleton rows={3} />
  if (gallery.isError) return <ErrorState error={gallery.error} onRetry={() => void gallery.refetch()} />
  const { isConfigured, entries } = gallery.data
  if (!isConfigured) {
    return (
      <EmptyState icon={Package} title={p('gallery.none')}>
        {p('gallery.none.text')}
      </EmptyState>
    )
  }
  if (entries.length === 0) return <EmptyState icon={Package} title={p('gallery.empty')} />

  async function look(packageId: string) {
    if (pending !== null) return
    setPending(packageId)
    setError(null)
    try {
      await inspect({ kind: 'gallery', packageId })
    } catch (thrown) {
      setError(toApiError(thrown))
    } finally {
      setPending(null)
    }
  }

  const words = search.trim().toLowerCase()
  const found = entries.filter(({ name, description, id }) => `${name} ${description} ${id}`.toLowerCase().includes(words))
  return (
    <div className="form">
      <FormSummary form={{ error, problems: error?.issues.map(({ message }) => message) ?? [] }} />
      {entries.length > 5 && <TextField label={p('gallery.search')} type="search" value={search} onChange={setSearch} />}
      {found.length === 0 && <p className="field-help">{p('gallery.none.found', { search })}</p>}
      <RowList
        rows={found.map((entry) => ({
          key: entry.id,
          icon: Package,
          title: entry.name,
          detail: (
            <>
              {entry.description}
              <br />
              {[p('version', { version: entry.version }), entry.author && p('by', { author: entry.author })].filter(Boolean).join(' · ')}
            </>
          ),
          actions: (
            <Button
              size="s"
              isPending={pending === entry.id}
              aria-label={p('gallery.look', { name: entry.name })}
              onClick={() => void look(entry.id)}
            >
              {p('look')}
            </Button>
          ),
        }))}
      />
    </div>
  )
}
