import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import './marks.css'
import './row-list.css'
import { Loading, Skeleton } from './skeleton.tsx'

export interface Row {
  key: string
  icon?: LucideIcon
  title: string
  badge?: string | undefined
  detail?: ReactNode
  /** Under the row, over its whole width: an error and what to do. */
  note?: ReactNode
  actions?: ReactNode
}

/** A few things, one below the other, divided by a line. */
export function RowList({ rows }: { rows: readonly Row[] }) {
  return (
    <ul className="row-list">
      {rows.map(({ key, icon: Icon, title, badge, detail, note, actions }) => (
        <li key={key} className="row">
          {Icon && <Icon size={20} strokeWidth={1.5} aria-hidden />}
          <div className="row-text">
            <p className="row-title">
              {title}
              {badge && <span className="badge">{badge}</span>}
            </p>
            {detail && <div className="row-detail">{detail}</div>}
          </div>
          {actions && <div className="row-actions">{actions}</div>}
          {note && <div className="row-note">{note}</div>}
        </li>
      ))}
    </ul>
  )
}

export function RowListSkeleton({ rows }: { rows: number }) {
  return (
    <Loading>
      <div className="row-list">
        {Array.from({ length: rows }, (_, index) => (
          <div key={index} className="row">
            <Skeleton width="1.25rem" height="1.25rem" />
            <div className="row-text row-skeleton">
              <Skeleton width={`${38 + ((index * 17) % 30)}%`} />
              <Skeleton width={`${58 + ((index * 11) % 20)}%`} height="0.625rem" />
            </div>
          </div>
        ))}
      </div>
    </Loading>
  )
}
