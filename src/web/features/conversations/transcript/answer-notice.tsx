import { Ban, CircleAlert, CircleStop, Clock, RotateCcw, StepForward } from 'lucide-react'
import { isToolLimit } from '../../../../contract/answer-notices.ts'
import type { ErrorCode, ErrorNotice } from '../../../../contract/errors.ts'
import type { Message } from '../../../../contract/messages.ts'
import { errorOfNotice } from '../../../errors.ts'
import { t } from '../../../strings/index.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/states.tsx'
import { useMessageActions } from './message-actions-context.ts'

/** Their own words say it already. */
const saysWhatIsKept: ReadonlySet<ErrorCode> = new Set(['provider.interrupted', 'turn.interrupted', 'turn.abandoned'])

/** How an answer stands when it is not simply there: waiting its turn, stopped, failed, empty. What happened, what was kept, what to press. */
export function AnswerNotice({ message }: { message: Message }) {
  const { tryAgain, continueAnswer, withdraw } = useMessageActions()
  const answer = message.answer
  if (!answer) return null
  const limit = limitOf(message)
  const isEmpty = message.parts.every((part) => part.type === 'notice')
  const again = (
    <Button size="s" icon={RotateCcw} onClick={() => tryAgain(message)}>
      {t('conversation.again')}
    </Button>
  )
  const goOn = !isEmpty && (
    <Button size="s" icon={StepForward} onClick={() => continueAnswer(message)}>
      {t('conversation.continue')}
    </Button>
  )
  switch (answer.state) {
    case 'queued':
      return (
        <p className="answer-state">
          <Clock size={16} strokeWidth={1.75} aria-hidden />
          {t('conversation.queued')}
          <Button size="s" variant="quiet" onClick={() => withdraw(message)}>
            {t('conversation.withdraw')}
          </Button>
        </p>
      )
    case 'stopped':
      return (
        <p className="answer-state">
          <CircleStop size={16} strokeWidth={1.75} aria-hidden />
          {isEmpty ? t('conversation.stopped.empty') : t('conversation.stopped')}
          {goOn}
        </p>
      )
    case 'failed':
      return (
        <Notice
          tone="danger"
          icon={CircleAlert}
          action={
            <div className="sending-ways">
              {goOn}
              {again}
            </div>
          }
        >
          <ErrorWords notice={answer.error ?? { code: 'internal' }} />
          {!(answer.error && saysWhatIsKept.has(answer.error.code)) && (
            <p className="answer-kept">{isEmpty ? t('conversation.failed.kept_question') : t('conversation.failed.kept_text')}</p>
          )}
        </Notice>
      )
    case 'completed':
      // A notice of its own says why.
      return isEmpty &&
        message.parts.some((part) => part.type === 'notice' && part.notice.code.startsWith('guardrail.')) ? null : isEmpty ? (
        <p className="answer-state">
          <Ban size={16} strokeWidth={1.75} aria-hidden />
          {t('conversation.empty_answer')}
        </p>
      ) : limit ? (
        <Notice tone="warning" icon={CircleAlert} action={goOn}>
          <ErrorWords notice={limit} />
        </Notice>
      ) : null
    default:
      return null
  }
}

/** It ended in the middle of what it had to say or to do, and can be continued. */
export function isLimit(code: ErrorCode): boolean {
  return code === 'answer.cut_off' || isToolLimit(code)
}

function limitOf({ parts }: Message): ErrorNotice | undefined {
  const last = parts.at(-1)
  return last?.type === 'notice' && isLimit(last.notice.code) ? last.notice : undefined
}

export function NoticePart({ notice }: { notice: ErrorNotice }) {
  return (
    <div className="answer-notice">
      <Notice tone="warning" icon={CircleAlert}>
        <ErrorWords notice={notice} />
      </Notice>
    </div>
  )
}

function ErrorWords({ notice }: { notice: ErrorNotice }) {
  const { message, action, detail, retryAfterSeconds } = errorOfNotice(notice)
  return (
    <>
      <p className="answer-error">{message}</p>
      {detail && <p>{detail}</p>}
      <p>
        {action} {retryAfterSeconds !== undefined && t('conversation.failed.retry_after', { seconds: retryAfterSeconds })}
      </p>
    </>
  )
}
