import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Inbox } from 'lucide-react'
import type { Installation } from '../../../contract/channels.ts'
import { query } from '../../api.ts'
import { EmptyState } from '../../ui/states.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { i } from './strings.ts'

/** Nobody has written: says what has to be done so that somebody can. */
export function InboxEmpty() {
  const { id: workspaceId } = useWorkspace()
  const { data } = useQuery(query.installations.list.queryOptions({ input: { workspaceId } }))
  const next = data && nextStep(data)
  return (
    <EmptyState
      icon={Inbox}
      title={i('empty.title')}
      action={
        next && (
          <Link to="/settings/channels" className="button" data-variant={next === 'add' ? 'primary' : 'secondary'}>
            {i(`empty.${next}.action`)}
          </Link>
        )
      }
    >
      {next && i(`empty.${next}`)}
    </EmptyState>
  )
}

function nextStep(installations: readonly Installation[]): 'add' | 'enable' | 'telegram' | 'webhook' {
  if (installations.length === 0) return 'add'
  const enabled = installations.filter(({ isEnabled }) => isEnabled)
  if (enabled.length === 0) return 'enable'
  return enabled.some(({ platform }) => platform === 'telegram') ? 'telegram' : 'webhook'
}
