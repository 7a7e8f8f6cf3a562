import { useQuery, useQueryClient } from '@tanstack/react-query'
import { UserRound, X } from 'lucide-react'
import { agentRoleNames } from '../../../contract/agent-choices.ts'
import type { Agent, AgentRole } from '../../../contract/agents.ts'
import { api, query } from '../../api.ts'
import { Select, SelectField, TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { a } from './strings.ts'

const options = agentRoleNames.map((value) => ({ value, label: a(`roles.${value}`) }))

/** Whom it is shared with by name, beside everybody of a workspace. */
export function AgentSharing({ id }: { id: Agent['id'] }) {
  const client = useQueryClient()
  const roles = useQuery(query.agentRoles.list.queryOptions({ input: { id } }))
  const refresh = () => client.invalidateQueries({ queryKey: query.agentRoles.key() })

  async function change({ name, email }: AgentRole, role: AgentRole['role']) {
    try {
      await api.agentRoles.grant({ id, email, role })
      showToast({ title: a('roles.changed', { name }) })
    } catch (error) {
      showError(error, a('roles.failed'))
    }
    await refresh()
  }

  async function revoke({ name, userId }: AgentRole) {
    try {
      await api.agentRoles.revoke({ id, userId })
      showToast({ title: a('roles.removed', { name }) })
    } catch (error) {
      showError(error, a('roles.failed'))
    }
    await refresh()
  }

  const form = useForm<{ email: string; role: AgentRole['role'] }>({
    initial: { email: '', role: 'agent user' },
    check: ({ email }) => (email.trim() === '' ? { email: a('roles.email.missing') } : {}),
    submit: async ({ email, role }) => {
      const granted = await api.agentRoles.grant({ id, email, role })
      showToast({ title: a('roles.changed', { name: granted.name }) })
      await refresh()
    },
  })
  return (
    <section className="agent-section" aria-labelledby="agent-sharing">
      <h2 id="agent-sharing">{a('roles.title')}</h2>
      {roles.isPending && <RowListSkeleton rows={1} />}
      {roles.isError && !roles.data && <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />}
      {roles.data && roles.data.length > 0 && (
        <RowList
          rows={roles.data.map((one) => ({
            key: one.userId,
            icon: UserRound,
            title: one.name,
            detail: one.email,
            actions: (
              <>
                <Select
                  aria-label={a('roles.role_of', { name: one.name })}
                  value={one.role}
                  onChange={(role) => void change(one, role)}
                  options={options}
                />
                <IconButton icon={X} size="s" label={a('roles.remove', { name: one.name })} onClick={() => void revoke(one)} />
              </>
            ),
          }))}
        />
      )}
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <div className="form-row">
          <TextField
            label={a('roles.email')}
            help={a('roles.intro')}
            type="email"
            inputMode="email"
            autoComplete="off"
            maxLength={254}
            value={form.values.email}
            onChange={(email) => form.set({ email })}
            error={form.errorOf('email')}
          />
          <SelectField label={a('roles.role')} value={form.values.role} onChange={(role) => form.set({ role })} options={options} />
        </div>
        <FormFooter form={form} label={a('roles.add')} />
      </form>
    </section>
  )
}
