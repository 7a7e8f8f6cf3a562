import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { query } from '../../api.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { Select } from '../../ui/field.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { ConversationTable } from './conversation-table.tsx'
import { type OrganiseAddress, type Status, statuses } from './organise-address.ts'
import { o } from './strings.ts'
import { TrashTable } from './trash-table.tsx'
import './organise.css'

const route = getRouteApi('/app/conversations/conversations')

/** All conversations, to be put in order: many at once, the archive, the trash. */
export function OrganiseScreen() {
  const address = route.useSearch()
  const navigate = route.useNavigate()
  const { id: workspaceId } = useWorkspace()
  const tags = useQuery(query.conversations.listTags.queryOptions({ input: { workspaceId }, staleTime: 10_000 })).data ?? []
  const status: Status = address.status ?? 'active'
  const change = (part: OrganiseAddress) => void navigate({ search: { ...address, ...part } })
  // A tag that nobody has any more is still what the address asks for.
  const options = tags.some(({ tag }) => tag === address.tag) || !address.tag ? tags : [...tags, { tag: address.tag, count: 0 }]

  return (
    <div className="organise">
      <ScreenBar title={o('title')} />
      <div className="organise-scroll">
        <div className="organise-filters">
          <Select
            aria-label={o('status.label')}
            value={status}
            onChange={(value) => change({ status: value === 'active' ? undefined : value })}
            options={statuses.map((value) => ({ value, label: o(`status.${value}`) }))}
          />
          {status !== 'trash' && options.length > 0 && (
            <Select
              aria-label={o('tag.label')}
              value={address.tag ?? ''}
              onChange={(tag) => change({ tag: tag || undefined })}
              options={[
                { value: '', label: o('tag.any') },
                ...options.map(({ tag, count }) => ({ value: tag, label: o('tag.count', { tag, count }) })),
              ]}
            />
          )}
        </div>
        {status === 'trash' ? (
          <TrashTable workspaceId={workspaceId} />
        ) : (
          <ConversationTable
            key={`${status} ${address.tag}`}
            workspaceId={workspaceId}
            isArchive={status === 'archived'}
            tag={address.tag}
            tags={tags.map(({ tag }) => tag)}
          />
        )}
      </div>
    </div>
  )
}
