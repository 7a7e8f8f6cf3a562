import type { UserEvent } from '../../contract/events.ts'
import { t } from '../strings/index.ts'
import { formatUsd } from '../strings/format.ts'
import { showToast } from '../ui/toast.tsx'
import { titleOf } from './conversation-actions.ts'

/** Wherever its owner is: a conversation has cost as much as they wanted to know of. */
export function tellUsageAlert({ title, alertNanoUsd, costNanoUsd, isAtLeast }: Extract<UserEvent, { type: 'usage-alert' }>): void {
  const amounts = { title: titleOf({ title }), alert: formatUsd(alertNanoUsd), cost: formatUsd(costNanoUsd) }
  showToast({
    title: t('shell.usage_alert', amounts),
    description: t(isAtLeast ? 'shell.usage_alert.at_least' : 'shell.usage_alert.cost', amounts),
  })
}
