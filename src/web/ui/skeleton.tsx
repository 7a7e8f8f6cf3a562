import type { CSSProperties, ReactNode } from 'react'
import { t } from '../strings/index.ts'
import './states.css'

/** A line of text to come, as wide and as high as it will be. */
export function Skeleton({ width = '100%', height = '0.75rem' }: { width?: CSSProperties['width']; height?: CSSProperties['height'] }) {
  return <span className="skeleton" style={{ width, height }} />
}

/** Wraps skeletons: silent for eyes that see them, one word for those that do not. Appears only after 150 ms, so that what is fast does not flash. */
export function Loading({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">{label ?? t('ui.loading')}</span>
      <div aria-hidden>{children}</div>
    </div>
  )
}

const uneven = (index: number, from: number, spread: number): string => `${from + ((index * 37) % spread)}%`

/** A table to come: its head and rows, at their heights. */
export function TableSkeleton({ rows, columns }: { rows: number; columns: number }) {
  return (
    <Loading>
      {Array.from({ length: rows + 1 }, (_, row) => (
        <div key={row} className="table-skeleton-row" data-head={row === 0 || undefined}>
          {Array.from({ length: columns }, (__, column) => (
            <Skeleton key={column} width={uneven(row * columns + column, 40, 45)} height={row === 0 ? '0.5rem' : '0.75rem'} />
          ))}
        </div>
      ))}
    </Loading>
  )
}

/** Fields to come, each with its label. */
export function FormSkeleton({ fields }: { fields: number }) {
  return (
    <Loading>
      {Array.from({ length: fields }, (_, index) => (
        <div key={index} className="form-skeleton-field">
          <Skeleton width={uneven(index, 16, 14)} />
          <Skeleton height="var(--control)" />
        </div>
      ))}
    </Loading>
  )
}
