import { Share2 } from 'lucide-react'
import type { Message } from '../../../../contract/messages.ts'
import { providerNames } from '../composer/provider-names.ts'
import { t } from '../../../strings/index.ts'
import { formatDuration, formatInstant, formatNumber, formatUsd } from '../../../strings/format.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'

/** Which model, which key, how much, how long. What nobody knows is called unknown, never zero. */
export function MessageDetails({ message, onClose, onShare }: { message: Message; onClose: () => void; onShare: () => void }) {
  const { answer } = message
  const isActive = answer !== null && ['queued', 'running', 'waiting'].includes(answer.state)
  const missing = isActive ? t('conversation.details.pending') : t('conversation.details.unknown')
  const rows: [string, string, { isPart?: boolean }?][] = answer
    ? [
        [t('conversation.details.model'), answer.modelName || missing],
        [t('conversation.details.provider'), providerNames[answer.provider]],
        [t('conversation.details.key'), t(`conversation.key.${answer.keyOrigin}`)],
        [t('conversation.details.input'), answer.tokens ? formatNumber(answer.tokens.input) : missing],
        ...(answer.tokens?.cacheRead
          ? [
              [t('conversation.details.cache_read'), formatNumber(answer.tokens.cacheRead), { isPart: true }] as [
                string,
                string,
                { isPart: boolean },
              ],
            ]
          : []),
        ...(answer.tokens?.cacheWrite
          ? [
              [t('conversation.details.cache_write'), formatNumber(answer.tokens.cacheWrite), { isPart: true }] as [
                string,
                string,
                { isPart: boolean },
              ],
            ]
          : []),
        [t('conversation.details.output'), answer.tokens ? formatNumber(answer.tokens.output) : missing],
        ...(answer.tokens?.reasoning
          ? [
              [t('conversation.details.reasoning'), formatNumber(answer.tokens.reasoning), { isPart: true }] as [
                string,
                string,
                { isPart: boolean },
              ],
            ]
          : []),
        [t('conversation.details.cost'), answer.costNanoUsd === null ? missing : formatUsd(answer.costNanoUsd)],
        [t('conversation.details.latency'), answer.latencyMs === null ? missing : formatDuration(answer.latencyMs)],
        [t('conversation.details.at'), formatInstant(message.createdAt)],
      ]
    : []
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('conversation.details.title')}
      footer={
        <Button icon={Share2} onClick={onShare}>
          {t('conversation.details.share')}
        </Button>
      }
    >
      <dl className="details">
        {rows.map(([term, value, options]) => (
          <div key={term} data-part={options?.isPart || undefined}>
            <dt>{term}</dt>
            <dd className="numeric">{value}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
