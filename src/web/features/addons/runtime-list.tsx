import { useQuery } from '@tanstack/react-query'
import { Box, Code, Hexagon, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { Runtimes } from '../../../contract/addons.ts'
import { query } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { type Row, RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState, Notice } from '../../ui/states.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { a } from './strings.ts'

/** Asked for when it is looked at: the server starts programs to learn it. */
export function RuntimeList() {
  const found = useQuery(query.addons.runtimes.queryOptions({ staleTime: 30_000 }))
  return (
    <SettingsSection title={a('runtimes.title')} intro={a('runtimes.intro')}>
      {found.isPending && <RowListSkeleton rows={3} />}
      {found.isError && !found.data && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && (
        <>
          <RowList rows={[rowOf('node', Hexagon, found.data.node), rowOf('python', Code, found.data.python), confinementRow(found.data)]} />
          <div>
            <Button size="s" isPending={found.isFetching} onClick={() => void found.refetch()}>
              {a('again')}
            </Button>
          </div>
        </>
      )}
    </SettingsSection>
  )
}

function rowOf(
  name: 'python' | 'node',
  icon: LucideIcon,
  { installed, version, path, launchers, missing, howToGet }: Runtimes['node'],
): Row {
  const names = Object.entries(launchers).flatMap(([launcher, place]) => (place ? [launcher] : []))
  return {
    key: name,
    icon,
    title: version ? `${a(name)} ${version}` : a(name),
    badge: a(installed ? 'installed' : 'missing'),
    detail: [path, names.length > 0 && a('launchers', { names: names.join(', ') })].filter(Boolean).join(' · ') || undefined,
    note: noteOf(missing, howToGet),
  }
}

function confinementRow({ confinement: { available, reason, howToGet } }: Runtimes): Row {
  return {
    key: 'confinement',
    icon: Box,
    title: a('confinement'),
    badge: a(available ? 'installed' : 'missing'),
    detail: a(available ? 'confinement.available' : 'confinement.missing'),
    note: noteOf(reason, howToGet),
  }
}

function noteOf(problem: string | null, how: string | null) {
  if (problem === null) return undefined
  return (
    <Notice tone="warning" icon={TriangleAlert}>
      {problem} {how && a('how-to-get', { how })}
    </Notice>
  )
}
