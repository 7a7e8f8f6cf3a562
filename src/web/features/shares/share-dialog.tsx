import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ConversationId, MessageId } from '../../../contract/ids.ts'
import { api, query } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, RadioCards } from '../../ui/field.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { addressOf } from './share-address.ts'
import { shareRow } from './share-row.tsx'
import { s } from './strings.ts'

interface Props {
  conversationId: ConversationId
  /** The last message to show; null for the last one there is. */
  messageId: MessageId | null
  onClose: () => void
}

/** Makes links of a conversation, and ends them. */
export function ShareDialog({ conversationId: id, messageId, onClose }: Props) {
  const client = useQueryClient()
  const options = query.shares.listOfConversation.queryOptions({ input: { id } })
  const shares = useQuery(options)
  const [what, setWhat] = useState<'frozen' | 'live'>('frozen')
  const [isIndexed, setIndexed] = useState(false)
  const [isPending, setPending] = useState(false)

  async function create() {
    setPending(true)
    try {
      const made = await api.shares.create({ id, isLive: what === 'live', isIndexed, ...(messageId && { messageId }) })
      client.setQueryData(options.queryKey, (known) => [made, ...(known ?? []).filter((one) => one.id !== made.id)])
      // Where the browser does not allow it, the button in the row remains.
      const isCopied = await navigator.clipboard?.writeText(addressOf(made)).then(
        () => true,
        () => false,
      )
      showToast({ title: s(isCopied ? 'copied.new' : 'made') })
    } catch (error) {
      showError(error, s('create.failed'))
    } finally {
      setPending(false)
    }
  }

  const frozen = messageId === null ? 'what.frozen' : 'what.frozen.to'
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={s('dialog.title')}
      description={s('dialog.text')}
      width="m"
      footer={
        <Button variant="primary" isPending={isPending} onClick={() => void create()}>
          {s('create')}
        </Button>
      }
    >
      <div className="form">
        <RadioCards
          label={s('what.label')}
          value={what}
          onChange={setWhat}
          options={[
            { value: 'frozen', label: s(frozen), detail: s(`${frozen}.detail`) },
            { value: 'live', label: s('what.live'), detail: s('what.live.detail') },
          ]}
        />
        <Checkbox label={s('indexed')} isChecked={isIndexed} onChange={setIndexed} />
        {shares.isPending && <RowListSkeleton rows={1} />}
        {shares.isError && !shares.data && <ErrorState error={shares.error} onRetry={() => void shares.refetch()} />}
        {shares.data && shares.data.length > 0 && (
          <section aria-label={s('list.title')}>
            <p className="field-label">{s('list.title')}</p>
            <RowList
              rows={shares.data.map((share) =>
                shareRow(share, null, ({ id: gone }) =>
                  client.setQueryData(options.queryKey, (known) => known?.filter((one) => one.id !== gone)),
                ),
              )}
            />
          </section>
        )}
      </div>
    </Dialog>
  )
}
