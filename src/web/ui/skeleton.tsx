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
