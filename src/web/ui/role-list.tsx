import type { UseQueryResult } from '@tanstack/react-query'
import { UserRound, X } from 'lucide-react'
import { type Option, Select, SelectField, TextField } from './field.tsx'
import { FormFooter, FormSummary, useForm } from './form.tsx'
import { IconButton } from './icon-button.tsx'
import { RowList, RowListSkeleton } from './row-list.tsx'
import { ErrorState } from './states.tsx'
import { showError, showToast } from './toast.tsx'

interface Holder<Role extends string> {
  userId: string
  name: string
  email: string
  role: Role
}

export interface RoleWords<Role extends string> {
  roleOf(name: string): string
  remove(name: string): string
  changed(name: string, role: Role): string
  removed(name: string): string
  failed: string
  email: string
  emailHelp?: string
  emailMissing: string
  role: string
  add: string
}

interface Props<Role extends string, One extends Holder<Role>> {
  holders: UseQueryResult<One[]>
  options: readonly Option<Role>[]
  /** What somebody is given who is added. */
  usual: Role
  words: RoleWords<Role>
  grant(email: string, role: Role): Promise<{ name: string }>
  revoke(userId: One['userId']): Promise<unknown>
  refresh(): Promise<unknown>
}

/** Who has a role at one thing: changed and taken at once, given by e-mail. */
export function RoleList<Role extends string, One extends Holder<Role>>(props: Props<Role, One>) {
  const { holders, options, usual, words, grant, revoke, refresh } = props

  async function attempt(work: () => Promise<unknown>, done: string) {
    try {
      await work()
      showToast({ title: done })
    } catch (error) {
      showError(error, words.failed)
    }
    await refresh()
  }

  const form = useForm<{ email: string; role: Role }>({
    initial: { email: '', role: usual },
    check: ({ email }) => (email.trim() === '' ? { email: words.emailMissing } : {}),
    submit: async ({ email, role }) => {
      const granted = await grant(email, role)
      showToast({ title: words.changed(granted.name, role) })
      await refresh()
    },
  })
  return (
    <>
      {holders.isPending && <RowListSkeleton rows={1} />}
      {holders.isError && !holders.data && <ErrorState error={holders.error} onRetry={() => void holders.refetch()} />}
      {holders.data && holders.data.length > 0 && (
        <RowList
          rows={holders.data.map(({ userId, name, email, role: held }) => ({
            key: userId,
            icon: UserRound,
            title: name,
            detail: email,
            actions: (
              <>
                <Select
                  aria-label={words.roleOf(name)}
                  value={held}
                  onChange={(role) => void attempt(() => grant(email, role), words.changed(name, role))}
                  options={options}
                />
                <IconButton
                  icon={X}
                  size="s"
                  label={words.remove(name)}
                  onClick={() => void attempt(() => revoke(userId), words.removed(name))}
                />
              </>
            ),
          }))}
        />
      )}
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <div className="form-row">
          <TextField
            label={words.email}
            {...(words.emailHelp && { help: words.emailHelp })}
            type="email"
            inputMode="email"
            autoComplete="off"
            maxLength={254}
            value={form.values.email}
            onChange={(email) => form.set({ email })}
            error={form.errorOf('email')}
          />
          <SelectField label={words.role} value={form.values.role} onChange={(role) => form.set({ role })} options={options} />
        </div>
        <FormFooter form={form} label={words.add} />
      </form>
    </>
  )
}
