import { useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import type { ApiKey } from '../../../contract/people.ts'
import { api, query } from '../../api.ts'
import { formatAgo, formatDay } from '../../strings/format.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { showToast } from '../../ui/toast.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { NewApiKeyDialog } from './new-api-key-dialog.tsx'
import { p } from './strings.ts'

export const scopeLabel = (scope: ApiKey['scopes'][number]): string => (scope === '*' ? p('keys.scope.all') : p(`keys.scope.${scope}`))

export function ApiKeySettings() {
  const client = useQueryClient()
  const keys = useQuery(query.people.listApiKeys.queryOptions())
  const [isAdding, setAdding] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const add = (
    <Button variant="primary" icon={Plus} onClick={() => setAdding(true)}>
      {p('keys.new')}
    </Button>
  )

  async function revoke(key: ApiKey) {
    await api.people.revokeApiKey({ id: key.id })
    client.setQueryData(query.people.listApiKeys.queryKey(), (all) => all?.filter((one) => one.id !== key.id))
    showToast({ title: p('keys.revoked', { name: key.name }) })
  }

  return (
    <SettingsPage
      title={t('settings.api-keys')}
      width="wide"
      intro={p('keys.intro', { url: `${location.origin}/v1`, mcp: `${location.origin}/mcp` })}
      action={keys.data && keys.data.length > 0 ? add : undefined}
    >
      {keys.isPending && <TableSkeleton rows={3} columns={4} />}
      {keys.isError && !keys.data && <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data?.length === 0 && (
        <EmptyState icon={KeyRound} title={p('keys.empty.title')} action={add}>
          {p('keys.empty.text')}
        </EmptyState>
      )}
      {keys.data && keys.data.length > 0 && (
        <Table label={t('settings.api-keys')} stacked>
          <thead>
            <tr>
              <th scope="col">{p('keys.column.name')}</th>
              <th scope="col">{p('keys.column.may')}</th>
              <th scope="col">{p('keys.column.used')}</th>
              <th scope="col">{p('keys.column.expires')}</th>
              <th scope="col">
                <span className="visually-hidden">{p('keys.revoke')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.data.map((key) => (
              <tr key={key.id}>
                <td>
                  <span className="table-main">{key.name}</span>
                  <span className="table-sub table-mono">{key.prefix}…</span>
                </td>
                <td>{key.scopes.map(scopeLabel).join(', ')}</td>
                <td data-label={p('keys.column.used')}>{key.lastUsedAt === null ? p('keys.never_used') : formatAgo(key.lastUsedAt)}</td>
                <td data-label={p('keys.column.expires')}>
                  <Expiry expiresAt={key.expiresAt} />
                </td>
                <td>
                  <div className="table-actions">
                    <Button size="s" aria-label={p('keys.revoke.label', { name: key.name })} onClick={() => setRevoking(key)}>
                      {p('keys.revoke')}
                    </Button>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {isAdding && <NewApiKeyDialog onClose={() => setAdding(false)} />}
      {revoking && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setRevoking(null)}
          title={p('keys.revoke.title', { name: revoking.name })}
          text={p('keys.revoke.text')}
          action={p('keys.revoke')}
          onConfirm={() => revoke(revoking)}
        />
      )}
    </SettingsPage>
  )
}

const isPast = (instant: string): boolean => new Date(instant).getTime() < Date.now()

function Expiry({ expiresAt }: { expiresAt: string | null }) {
  if (expiresAt === null) return p('keys.no_expiry')
  if (!isPast(expiresAt)) return formatDay(expiresAt)
  return (
    <span className="status" data-tone="danger">
      {p('keys.expired')}
    </span>
  )
}
