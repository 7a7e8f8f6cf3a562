import { t } from '../strings/index.ts'
import { useIsNarrow } from '../ui/media-query.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import './app-frame.css'
import { ListSkeleton } from './conversation-list.tsx'
import './sidebar.css'
import './sidebar-layout.css'

/** The app's own geometry while it is not known yet who is here. */
export function AppSkeleton() {
  const isNarrow = useIsNarrow()
  return (
    <div className="app">
      <div className="layout" data-sidebar={isNarrow ? 'drawer' : 'open'}>
        {!isNarrow && (
          <aside className="sidebar">
            <div className="sidebar-head">
              <span className="sidebar-name">{t('app.name')}</span>
            </div>
            <div className="conversations">
              <ListSkeleton />
            </div>
          </aside>
        )}
        <main className="layout-main">
          <header className="screen-bar">
            <Skeleton width="12rem" />
          </header>
        </main>
      </div>
    </div>
  )
}
