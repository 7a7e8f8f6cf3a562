import { Coins } from 'lucide-react'
import { t } from '../../strings/index.ts'
import { formatUsd } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'

/** That this conversation has cost as much as its owner wanted to know of. */
export function UsageNote({ alertNanoUsd, onChange }: { alertNanoUsd: string; onChange: () => void }) {
  return (
    <div className="screen-note" data-tone="warning">
      <Coins size={16} strokeWidth={1.75} aria-hidden />
      <p>{t('conversation.usage.passed', { amount: formatUsd(alertNanoUsd) })}</p>
      <Button size="s" onClick={onChange}>
        {t('conversation.usage.change')}
      </Button>
    </div>
  )
}
