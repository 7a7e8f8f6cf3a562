import { type ReactNode, useEffect } from 'react'
import { t } from '../../strings/index.ts'
import './entry-page.css'

/** The page before the app: one column, one thing to do. */
export function EntryPage({ title, children, foot }: { title: string; children: ReactNode; foot?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title])
  return (
    <main className="entry">
      <div className="entry-column">
        <img src="/icon.svg" alt="" width={36} height={36} className="entry-mark" />
        <h1 className="entry-title">{title}</h1>
        {children}
        {foot && <p className="entry-foot">{foot}</p>}
      </div>
    </main>
  )
}
