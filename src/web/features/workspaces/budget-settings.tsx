import { useQuery, useQueryClient } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import type { Budget } from '../../../contract/workspaces.ts'
import { api, query } from '../../api.ts'
import { formatAgo, formatDay, formatUsd, nanoToDecimal, parseUsd } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { FormSkeleton } from '../../ui/skeleton.tsx'
import { ErrorState, Notice } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { can, useMe } from '../people/me.ts'
import { SettingsSection } from '../settings/settings-page.tsx'
import './budget-settings.css'
import { useWorkspace } from './current-workspace.ts'
import { w } from './strings.ts'

const periods = ['day', 'week', 'month'] as const

export function BudgetSettings() {
  const workspace = useWorkspace()
  const budget = useQuery(query.workspaces.getBudget.queryOptions({ input: { workspaceId: workspace.id }, staleTime: 10_000 }))
  const mayChange = can(useMe().access, 'budget', 'update', workspace.id)
  return (
    <SettingsSection title={w('budget.title')} intro={w('budget.intro')}>
      {budget.isPending && <FormSkeleton fields={1} />}
      {budget.isError && !budget.data && <ErrorState error={budget.error} onRetry={() => void budget.refetch()} />}
      {budget.data && (
        <>
          {budget.data.budget ? <BudgetState budget={budget.data.budget} /> : <p>{w('budget.none')}</p>}
          {mayChange && <BudgetForm budget={budget.data.budget} />}
        </>
      )}
    </SettingsSection>
  )
}

function BudgetState({ budget }: { budget: Budget }) {
  const [spent, limit] = [BigInt(budget.spentNanoUsd), BigInt(budget.limitNanoUsd)]
  const isUsedUp = spent >= limit
  return (
    <div className="budget">
      <meter
        aria-label={w('budget.meter')}
        min={0}
        max={Math.max(Number(limit), 1)}
        value={Math.min(Number(spent), Number(limit))}
        data-full={isUsedUp || undefined}
      />
      <p className="numeric">
        {w('budget.state', {
          spent: formatUsd(budget.spentNanoUsd),
          limit: formatUsd(budget.limitNanoUsd),
          period: w(`budget.every.${budget.period}`),
        })}{' '}
        {budget.reservedNanoUsd !== '0' && w('budget.reserved', { reserved: formatUsd(budget.reservedNanoUsd) })}{' '}
        {w('budget.resets', { when: formatAgo(budget.endsAt), date: formatDay(budget.endsAt) })}
      </p>
      {isUsedUp && (
        <Notice tone="warning" icon={TriangleAlert}>
          {w('budget.used_up')}
        </Notice>
      )}
    </div>
  )
}

function BudgetForm({ budget }: { budget: Budget | null }) {
  const client = useQueryClient()
  const { id: workspaceId } = useWorkspace()
  const put = (data: { budget: Budget | null }) =>
    client.setQueryData(query.workspaces.getBudget.queryKey({ input: { workspaceId } }), data)
  const form = useForm({
    initial: { limit: budget ? nanoToDecimal(budget.limitNanoUsd) : '', period: budget?.period ?? ('month' as const) },
    check: ({ limit }) => (parseUsd(limit) === undefined ? { limit: w('budget.limit.bad') } : {}),
    submit: async ({ limit, period }) =>
      put(await api.workspaces.setBudget({ workspaceId, limitNanoUsd: parseUsd(limit) ?? null, period })),
  })

  async function remove() {
    try {
      put(await api.workspaces.setBudget({ workspaceId, limitNanoUsd: null }))
      form.reset()
      showToast({ title: w('budget.removed') })
    } catch (error) {
      showError(error)
    }
  }

  return (
    <form className="form" noValidate onSubmit={form.onSubmit}>
      <FormSummary form={form} />
      <div className="form-row">
        <TextField
          label={w('budget.limit')}
          inputMode="decimal"
          autoComplete="off"
          value={form.values.limit}
          onChange={(limit) => form.set({ limit })}
          error={form.errorOf('limit')}
        />
        <SelectField
          label={w('budget.period')}
          value={form.values.period}
          onChange={(period) => form.set({ period })}
          options={periods.map((period) => ({ value: period, label: w(`budget.${period}`) }))}
        />
      </div>
      <p className="field-help">{w('budget.unknown')}</p>
      <FormFooter form={form} label={w('budget.set')}>
        {budget && (
          <Button variant="quiet" onClick={() => void remove()}>
            {w('budget.remove')}
          </Button>
        )}
      </FormFooter>
    </form>
  )
}
