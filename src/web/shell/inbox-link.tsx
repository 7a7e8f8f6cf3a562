import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Inbox } from 'lucide-react'
import { query } from '../api.ts'
import { useWorkspace } from '../features/workspaces/current-workspace.ts'
import { t } from '../strings/index.ts'

/** Only where the workspace answers on some platform, or a visitor of its page has written. */
export function InboxLink() {
  const { id: workspaceId } = useWorkspace()
  const installations = useQuery(query.installations.list.queryOptions({ input: { workspaceId }, staleTime: 60_000 }))
  const hasNone = installations.data?.length === 0
  const written = useQuery({ ...query.inbox.list.queryOptions({ input: { workspaceId, limit: 1 }, staleTime: 60_000 }), enabled: hasNone })
  if (!installations.data?.length && !written.data?.length) return null
  return (
    <Link to="/inbox" className="sidebar-row">
      <Inbox size={16} strokeWidth={1.75} aria-hidden />
      <span className="sidebar-row-label">{t('shell.inbox')}</span>
    </Link>
  )
}
