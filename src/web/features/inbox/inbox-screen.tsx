import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Inbox } from 'lucide-react'
import { useState } from 'react'
import type { InboxConversation } from '../../../contract/channels.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { formatAgo } from '../../strings/format.ts'
import { Select } from '../../ui/field.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { InboxEmpty } from './inbox-empty.tsx'
import { DeliveryMark, HandlerMark, MemberMark, nameOf } from './inbox-marks.tsx'
import { inboxOptions } from './inbox-queries.ts'
import { i } from './strings.ts'
import './inbox.css'

const filters = ['all', 'person', 'bot'] as const

/** The conversations with contacts, the newest first. */
export function InboxScreen() {
  const workspace = useWorkspace()
  const [filter, setFilter] = useState<(typeof filters)[number]>('all')
  const list = useQuery(inboxOptions(workspace.id, filter === 'all' ? undefined : filter))

  return (
    <div className="inbox">
      <ScreenBar
        title={i('title')}
        actions={
          <Select
            aria-label={i('filter.label')}
            value={filter}
            onChange={setFilter}
            options={filters.map((value) => ({ value, label: i(`filter.${value}`) }))}
          />
        }
      />
      <div className="inbox-scroll">
        {list.isPending && <RowListSkeleton rows={4} />}
        {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data?.length === 0 && (filter === 'all' ? <InboxEmpty /> : <EmptyState icon={Inbox} title={i('empty.filtered')} />)}
        {list.data && list.data.length > 0 && (
          <ul className="inbox-list" aria-label={i('list.label')}>
            {list.data.map((conversation) => (
              <InboxRow key={conversation.id} conversation={conversation} />
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

function InboxRow({ conversation }: { conversation: InboxConversation }) {
  const { id, source, preview, updatedAt, isAnswering, delivery } = conversation
  return (
    <li>
      <Link to="/inbox/$inboxId" params={{ inboxId: id }} className="inbox-row">
        <span className="inbox-row-head">
          <span className="inbox-name">{nameOf(conversation)}</span>
          <time dateTime={updatedAt}>{formatAgo(updatedAt)}</time>
        </span>
        {preview && <span className="inbox-preview">{preview}</span>}
        <span className="inbox-marks">
          <span>{i(`source.${source}`)}</span>
          <MemberMark conversation={conversation} />
          <HandlerMark conversation={conversation} />
          {isAnswering && <span>{i('is.answering')}</span>}
          <DeliveryMark delivery={delivery} />
        </span>
      </Link>
    </li>
  )
}
