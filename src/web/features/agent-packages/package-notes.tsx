import { Info, TriangleAlert } from 'lucide-react'
import type { PackageChanges, PackageNote } from '../../../contract/agent-packages.ts'
import { Notice } from '../../ui/states.tsx'
import { p } from './strings.ts'

const stops: readonly PackageNote[] = ['not_confined', 'no_runtime', 'no_network']

/** Whether something stands in the way that no consent removes. */
export const isStopped = (notes: readonly PackageNote[]): boolean => notes.some((note) => stops.includes(note))

export function PackageNotes({ notes, hosts }: { notes: readonly PackageNote[]; hosts: readonly string[] }) {
  return notes.map((note) => (
    <Notice key={note} tone={stops.includes(note) || note === 'unconfined' ? 'danger' : 'warning'} icon={TriangleAlert}>
      {p(`note.${note}`, { hosts: hosts.join(', ') })}
    </Notice>
  ))
}

/** What another version may do beside the one that is there. */
export function PackageDifference({ changes }: { changes: PackageChanges }) {
  const named = (['addedTools', 'loosenedTools', 'addedHosts', 'addedEnv', 'removedTools'] as const).flatMap((kind) =>
    changes[kind].length > 0 ? [p(`changes.${kind}`, { names: changes[kind].join(', ') })] : [],
  )
  const said = (['isProgramNew', 'instructionsChanged'] as const).flatMap((kind) => (changes[kind] ? [p(`changes.${kind}`)] : []))
  return (
    <Notice tone={changes.growsRights ? 'warning' : 'plain'} icon={changes.growsRights ? TriangleAlert : Info}>
      <p className="package-changes">{p('changes.title', { version: changes.fromVersion })}</p>
      <ul className="package-change-list">
        {[...named, ...said].map((words) => (
          <li key={words}>{words}</li>
        ))}
        {!changes.growsRights && <li>{p('changes.none')}</li>}
      </ul>
    </Notice>
  )
}
