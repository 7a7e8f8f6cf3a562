import { useMutation } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Share2 } from 'lucide-react'
import { api } from '../../api.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { s } from './strings.ts'
import './continue-share.css'

/** Where the page of a shared conversation sends who wants to go on with it. Nothing is copied before they say so here. */
export function ContinueShare() {
  const { token } = useParams({ from: '/app/conversations/shared/$token' })
  const navigate = useNavigate()
  const workspace = useWorkspace()
  const fork = useMutation({
    mutationFn: () => api.shares.fork({ workspaceId: workspace.id, token }),
    onSuccess: ({ id }) => navigate({ to: '/c/$conversationId', params: { conversationId: id }, replace: true }),
  })
  return (
    <>
      <ScreenBar title={s('continue.title')}>
        <span className="screen-bar-title" />
      </ScreenBar>
      <div className="continue-share">
        {fork.isError ? (
          <ErrorState error={fork.error} onRetry={() => fork.mutate()} />
        ) : (
          <EmptyState
            icon={Share2}
            title={s('continue.title')}
            action={
              <div className="continue-share-ways">
                <Button variant="primary" isPending={fork.isPending || fork.isSuccess} onClick={() => fork.mutate()}>
                  {s('continue.action')}
                </Button>
                <a href={`/s/${encodeURIComponent(token)}`}>{s('continue.read')}</a>
              </div>
            }
          >
            {s('continue.text', { workspace: workspace.kind === 'personal' ? t('shell.workspace.personal') : workspace.name })}
          </EmptyState>
        )}
      </div>
    </>
  )
}
