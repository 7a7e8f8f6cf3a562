import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Laptop, Smartphone } from 'lucide-react'
import type { Session } from '../../../contract/people.ts'
import { api, query } from '../../api.ts'
import { formatAgo, formatDay } from '../../strings/format.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { p } from './strings.ts'
import { describeUserAgent } from './user-agent.ts'

const listKey = query.people.listSessions.queryKey()

export function SessionSettings() {
  const client = useQueryClient()
  const sessions = useQuery(query.people.listSessions.queryOptions({ staleTime: 0 }))
  const sorted = sessions.data?.toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent) || b.updatedAt.localeCompare(a.updatedAt))

  /** Off the list at once; back on it if the server did not agree. */
  async function end(isEnded: (session: Session) => boolean, call: () => Promise<unknown>, done: string) {
    const before = client.getQueryData(listKey)
    client.setQueryData(listKey, (all) => all?.filter((session) => !isEnded(session)))
    try {
      await call()
      showToast({ title: done })
    } catch (error) {
      client.setQueryData(listKey, before)
      showError(error, p('sessions.failed'))
    }
  }

  return (
    <SettingsPage
      title={t('settings.sessions')}
      intro={p('sessions.intro')}
      action={
        sorted && sorted.length > 1 ? (
          <Button
            onClick={() =>
              void end(
                (session) => !session.isCurrent,
                () => api.people.revokeOtherSessions(),
                p('sessions.ended_others'),
              )
            }
          >
            {p('sessions.end_others')}
          </Button>
        ) : undefined
      }
    >
      {sessions.isPending && <RowListSkeleton rows={3} />}
      {sessions.isError && !sorted && <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sorted && (
        <RowList
          rows={sorted.map((session) => {
            const name = describeUserAgent(session.userAgent)
            return {
              key: session.id,
              icon: /iPhone|Android/.test(session.userAgent ?? '') ? Smartphone : Laptop,
              title: name,
              badge: session.isCurrent ? p('sessions.current') : undefined,
              detail: [
                session.ipAddress ?? p('sessions.unknown_place'),
                p('sessions.started', { when: formatDay(session.createdAt) }),
                session.isCurrent ? '' : p('sessions.seen', { when: formatAgo(session.updatedAt) }),
              ]
                .filter(Boolean)
                .join(' · '),
              actions: session.isCurrent ? undefined : (
                <Button
                  size="s"
                  aria-label={p('sessions.end.label', { name })}
                  onClick={() =>
                    void end(
                      (one) => one.id === session.id,
                      () => api.people.revokeSession({ id: session.id }),
                      p('sessions.ended'),
                    )
                  }
                >
                  {p('sessions.end')}
                </Button>
              ),
            }
          })}
        />
      )}
      {sorted?.length === 1 && <p className="settings-intro">{p('sessions.only')}</p>}
    </SettingsPage>
  )
}
