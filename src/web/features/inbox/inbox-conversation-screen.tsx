import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { InboxConversation } from '../../../contract/channels.ts'
import type { ConversationId } from '../../../contract/ids.ts'
import { api, query } from '../../api.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Loading, Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState, Notice } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { AnswerBox } from './answer-box.tsx'
import { HandlerMark, MemberMark, nameOf } from './inbox-marks.tsx'
import { InboxMessages } from './inbox-messages.tsx'
import { inboxConversationOptions, inboxMessagesOptions } from './inbox-queries.ts'
import { i } from './strings.ts'
import './inbox.css'

type Change = 'takeOver' | 'handBack' | 'retry'
const failures = { takeOver: 'take.over.failed', handBack: 'hand.back.failed', retry: 'delivery.retry.failed' } as const

/** One conversation with a contact: read it, take it over, answer, hand it back. */
export function InboxConversationScreen({ id }: { id: ConversationId }) {
  const client = useQueryClient()
  const conversation = useQuery(inboxConversationOptions(id))
  const messages = useQuery(inboxMessagesOptions(id))
  const [pending, setPending] = useState<Change | null>(null)
  const { data } = conversation

  async function change(what: Change) {
    setPending(what)
    try {
      client.setQueryData(inboxConversationOptions(id).queryKey, await api.inbox[what]({ id }))
      if (what === 'retry') showToast({ title: i('delivery.retried') })
      void client.invalidateQueries({ queryKey: query.inbox.list.key() })
      void client.invalidateQueries({ queryKey: inboxMessagesOptions(id).queryKey })
    } catch (error) {
      showError(error, i(failures[what]))
    } finally {
      setPending(null)
    }
  }

  const failure = conversation.error ?? messages.error
  return (
    <div className="inbox">
      <ScreenBar
        title={data ? nameOf(data) : ''}
        leading={
          <Link to="/inbox" className="icon-button" aria-label={i('back')}>
            <ArrowLeft size={20} strokeWidth={1.75} aria-hidden />
          </Link>
        }
        actions={
          data && (
            <>
              <MemberMark conversation={data} />
              <HandlerMark conversation={data} />
              {data.handledBy === 'bot' ? (
                <Button variant="primary" isPending={pending === 'takeOver'} onClick={() => void change('takeOver')}>
                  {i('take.over')}
                </Button>
              ) : (
                <Button isPending={pending === 'handBack'} onClick={() => void change('handBack')}>
                  {i('hand.back')}
                </Button>
              )}
            </>
          )
        }
      />
      {failure && !(data && messages.data) ? (
        <ErrorState error={failure} onRetry={() => void Promise.all([conversation.refetch(), messages.refetch()])} />
      ) : data && messages.data ? (
        <>
          <InboxMessages {...messages.data} unsentIds={data.unsentAnswerIds} />
          <div className="inbox-foot">
            <DeliveryFailure delivery={data.delivery} isPending={pending === 'retry'} onRetry={() => void change('retry')} />
            {!data.canAnswer ? (
              <p className="inbox-hint">{i(isVisit(data) ? 'ended.hint' : 'gone.hint')}</p>
            ) : data.handledBy === 'bot' ? (
              <p className="inbox-hint">{i('bot.hint')}</p>
            ) : (
              <AnswerBox id={id} name={nameOf(data)} />
            )}
          </div>
        </>
      ) : (
        <Loading>
          <div className="inbox-scroll inbox-loading" aria-label={t('ui.loading')}>
            <Skeleton width="60%" />
            <Skeleton width="80%" />
          </div>
        </Loading>
      )}
    </div>
  )
}

function isVisit({ source }: InboxConversation): boolean {
  return source === 'page' || source === 'widget'
}

function DeliveryFailure({
  delivery,
  isPending,
  onRetry,
}: Pick<InboxConversation, 'delivery'> & { isPending: boolean; onRetry: () => void }) {
  if (delivery?.state !== 'failed') return null
  return (
    <Notice
      tone="danger"
      icon={TriangleAlert}
      action={
        <Button size="s" isPending={isPending} onClick={onRetry}>
          {i('delivery.retry')}
        </Button>
      }
    >
      {i(delivery.isUncertain ? 'delivery.uncertain.text' : 'delivery.failed.text', { error: delivery.error ?? '' })}
    </Notice>
  )
}
