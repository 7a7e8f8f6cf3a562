import { CircleAlert, RotateCcw } from 'lucide-react'
import { t } from '../../../strings/index.ts'
import { Button } from '../../../ui/button.tsx'
import { MessageFiles } from '../../files/message-files.tsx'
import { Notice } from '../../../ui/states.tsx'
import { useIsConnected } from '../live/live.ts'
import { resend, takeBack } from '../live/outbox.ts'
import type { Sending } from '../live/sending.ts'
import { useMessageActions } from './message-actions-context.ts'
import { PersonText } from './person-text.tsx'
import './message.css'

/** A message before the server has it: as it will stand, and with a way back when it cannot be sent. */
export function SendingRow({ sending }: { sending: Sending }) {
  const { toComposer } = useMessageActions()
  const isOpen = useIsConnected()
  const { error, tryAgain, continueFrom, text, files } = sending
  const isAnswerOnly = tryAgain !== undefined || continueFrom !== undefined

  const giveBack = () => {
    takeBack(sending.key)
    if (!isAnswerOnly) toComposer(text, files)
  }

  return (
    <article className="message" data-role={isAnswerOnly ? 'assistant' : 'user'} aria-label={t('conversation.message.user')}>
      {!isAnswerOnly && (
        <>
          <MessageFiles parts={files} />
          {text !== '' && (
            <div className="person" data-unsent={error !== undefined || undefined}>
              <PersonText text={text} />
            </div>
          )}
        </>
      )}
      {error ? (
        <div className="sending-failed">
          <Notice
            tone="danger"
            icon={CircleAlert}
            isAlert
            action={
              <div className="sending-ways">
                <Button size="s" icon={RotateCcw} onClick={() => resend(sending.key)}>
                  {t('conversation.again')}
                </Button>
                <Button size="s" variant="quiet" onClick={giveBack}>
                  {isAnswerOnly ? t('conversation.unsent.discard') : t('conversation.unsent.edit')}
                </Button>
              </div>
            }
          >
            <p className="answer-error">
              {t('conversation.unsent')} {error.message}
            </p>
            {error.detail && <p>{error.detail}</p>}
            <p>{error.action}</p>
          </Notice>
        </div>
      ) : (
        <div className="sending-state" role="status">
          {isOpen ? (
            <span className="sending-later">{t('conversation.sending')}</span>
          ) : (
            <>
              {t('conversation.sending.offline')}
              <Button size="s" variant="quiet" onClick={giveBack}>
                {t('conversation.withdraw')}
              </Button>
            </>
          )}
        </div>
      )}
    </article>
  )
}
