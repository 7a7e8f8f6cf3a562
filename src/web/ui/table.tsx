import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import './marks.css'
import './table.css'

export interface Sort {
  by: string
  descending: boolean
}

/** `name` or `-name`, as it stands in an address. */
export const sortFromText = (text: string | undefined, fallback: Sort): Sort =>
  text ? { by: text.replace(/^-/, ''), descending: text.startsWith('-') } : fallback
export const sortToText = ({ by, descending }: Sort): string => `${descending ? '-' : ''}${by}`

/** A real table that scrolls sideways inside itself when the screen is narrow, reachable by keyboard. */
export function Table({ label, children, stacked = false }: { label: string; children: ReactNode; stacked?: boolean }) {
  return (
    // What scrolls must be reachable without a mouse.
    <section className="table-scroll" aria-label={label} tabIndex={0}>
      <table className="table" data-stacked={stacked || undefined}>
        {children}
      </table>
    </section>
  )
}

export function SortableHeader({
  id,
  sort,
  onSort,
  align,
  children,
}: {
  id: string
  sort: Sort
  onSort: (sort: Sort) => void
  align?: 'end'
  children: ReactNode
}) {
  const isSorted = sort.by === id
  const Arrow = isSorted && sort.descending ? ArrowDown : ArrowUp
  return (
    <th scope="col" data-align={align} aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined}>
      <button type="button" className="table-sort" onClick={() => onSort({ by: id, descending: isSorted ? !sort.descending : false })}>
        {children}
        <Arrow size={12} strokeWidth={2} aria-hidden data-sorted={isSorted || undefined} />
      </button>
    </th>
  )
}
