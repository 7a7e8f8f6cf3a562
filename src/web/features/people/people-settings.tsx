import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { User } from '../../../contract/people.ts'
import { api, query } from '../../api.ts'
import { formatDay } from '../../strings/format.ts'
import { t } from '../../strings/index.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Select } from '../../ui/field.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { can, useMe } from './me.ts'
import './people-settings.css'
import { p } from './strings.ts'

const roles = ['Admin', 'Super User', 'User'] as const
const statuses = ['active', 'inactive', 'disabled'] as const
const listKey = query.people.listUsers.queryKey()

export function PeopleSettings() {
  const me = useMe()
  const client = useQueryClient()
  const people = useQuery(query.people.listUsers.queryOptions())
  const [search, setSearch] = useState('')
  const [disabling, setDisabling] = useState<User | null>(null)
  const mayChange = can(me.access, 'user', 'update')
  const wanted = search.trim().toLowerCase()
  const shown = people.data?.filter((user) => `${user.name} ${user.email}`.toLowerCase().includes(wanted))

  async function change(user: User, patch: Partial<Pick<User, 'role' | 'status'>>) {
    const put = (next: User) => client.setQueryData(listKey, (all) => all?.map((one) => (one.id === user.id ? next : one)))
    put({ ...user, ...patch })
    try {
      const changed = await api.people.updateUser({ id: user.id, ...patch })
      put(changed)
      showToast({
        title: patch.role
          ? p('people.changed.role', { name: user.name, role: changed.role })
          : p('people.changed.status', { name: user.name, status: p(`people.${changed.status}`).toLowerCase() }),
      })
    } catch (error) {
      put(user)
      throw error
    }
  }

  const changeOrSay = (user: User, patch: Partial<Pick<User, 'role' | 'status'>>) =>
    change(user, patch).catch((error: unknown) => showError(error, p('people.failed', { name: user.name })))

  return (
    <SettingsPage title={t('settings.people')} width="wide" intro={p('people.intro')}>
      <input
        type="search"
        className="input people-search"
        placeholder={p('people.search')}
        aria-label={p('people.search')}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {people.isPending && <TableSkeleton rows={4} columns={4} />}
      {people.isError && !people.data && <ErrorState error={people.error} onRetry={() => void people.refetch()} />}
      {shown?.length === 0 && <p>{p('people.none', { search: search.trim() })}</p>}
      {shown && shown.length > 0 && (
        <Table label={t('settings.people')} stacked>
          <thead>
            <tr>
              <th scope="col">{p('people.column.name')}</th>
              <th scope="col">{p('people.column.role')}</th>
              <th scope="col">{p('people.column.status')}</th>
              <th scope="col">{p('people.column.since')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((user) => (
              <tr key={user.id}>
                <td>
                  <span className="table-main">
                    {user.name} {user.id === me.id && <span className="badge">{p('people.you')}</span>}
                  </span>
                  <span className="table-sub">{user.email}</span>
                </td>
                <td className="people-choice">
                  <Select
                    aria-label={p('people.role_of', { name: user.name })}
                    value={user.role}
                    disabled={!mayChange}
                    onChange={(role) => void changeOrSay(user, { role })}
                    options={roles.map((role) => ({ value: role, label: role }))}
                  />
                </td>
                <td className="people-choice">
                  <Select
                    aria-label={p('people.status_of', { name: user.name })}
                    value={user.status}
                    disabled={!mayChange || user.id === me.id}
                    onChange={(status) => (status === 'disabled' ? setDisabling(user) : void changeOrSay(user, { status }))}
                    options={statuses.map((status) => ({ value: status, label: p(`people.${status}`) }))}
                  />
                </td>
                <td data-label={p('people.column.since')} data-numeric>
                  {formatDay(user.createdAt)}
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <p className="field-help people-help">
        {p('people.roles')} {p('people.statuses')}
      </p>
      {disabling && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setDisabling(null)}
          title={p('people.disable.title', { name: disabling.name })}
          text={p('people.disable.text')}
          action={p('people.disable.action')}
          onConfirm={() => change(disabling, { status: 'disabled' })}
        />
      )}
    </SettingsPage>
  )
}
