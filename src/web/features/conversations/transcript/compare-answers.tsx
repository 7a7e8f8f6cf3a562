import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useMemo, useRef } from 'react'
import type { MessageId, TurnId } from '../../../../contract/ids.ts'
import type { Message } from '../../../../contract/messages.ts'
import { query } from '../../../api.ts'
import { t } from '../../../strings/index.ts'
import { formatDuration, formatUsd } from '../../../strings/format.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { showError } from '../../../ui/toast.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { ErrorState } from '../../../ui/states.tsx'
import { isActive, onAnswerEnded, socket } from '../live/live.ts'
import type { Answer as LiveAnswer } from '../live/turn-stream.ts'
import { useFollowedTurns } from '../use-followed-turns.ts'
import { Answer, useAnswer } from './answer.tsx'
import './compare.css'

interface Props {
  /** The version that is shown on the path. */
  message: Message
  onChoose: (siblingId: MessageId) => void
  onClose: () => void
}

/** All answers to one question beside each other, also while they are written, and which of them to go on with. */
export function CompareAnswers({ message, onChoose, onClose }: Props) {
  const { conversationId, siblingIds, id } = message
  const client = useQueryClient()
  const options = query.conversations.siblings.queryOptions({
    input: { id: conversationId, messageId: siblingIds[0] ?? id },
    placeholderData: keepPreviousData,
  })
  const versions = useQuery(options)
  const answers = useMemo(() => versions.data?.messages ?? [], [versions.data])
  useFollowedTurns(useMemo(() => ({ pathLength: answers.length, messages: new Map(answers.entries()) }), [answers]))
  const list = useRef<HTMLOListElement>(null)
  const hasCome = answers.length > 0

  const known = siblingIds.join()
  const { refetch, isFetching } = versions
  const wasKnown = useRef(known)
  useEffect(() => {
    // A first request that is under way may have been read before, and would be taken for the answer to this one.
    if (isFetching || wasKnown.current === known) return
    wasKnown.current = known
    void refetch()
  }, [refetch, known, isFetching])
  const { queryKey } = options
  const ended = useEffectEvent((turnId: TurnId, { parts, state, error, tokens, costNanoUsd, latencyMs }: LiveAnswer) => {
    client.setQueryData(
      queryKey,
      (data) =>
        data && {
          messages: data.messages.map((one) =>
            one.answer?.turnId === turnId
              ? { ...one, parts: [...parts], answer: { ...one.answer, state, error, tokens, costNanoUsd, latencyMs } }
              : one,
          ),
        },
    )
  })
  useEffect(() => onAnswerEnded((turnId, answer) => ended(turnId, answer)), [])
  // The newest are those that somebody has just asked for.
  useEffect(() => {
    if (hasCome) list.current?.scrollTo({ left: list.current.scrollWidth })
  }, [hasCome, answers.length])

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width="l"
      title={t('conversation.compare.title', { count: siblingIds.length })}
    >
      {versions.error && answers.length === 0 ? (
        <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />
      ) : (
        <ol ref={list} className="compare" tabIndex={0} aria-label={t('conversation.branch')}>
          {answers.length === 0
            ? siblingIds.map((sibling) => (
                <li key={sibling} className="compare-version" aria-hidden>
                  <Skeleton width="40%" height="0.875rem" />
                  <Skeleton width="100%" height="8rem" />
                </li>
              ))
            : answers.map((answer, index) => (
                <Version
                  key={answer.id}
                  message={answer}
                  number={Math.max(index, siblingIds.indexOf(answer.id)) + 1}
                  isShown={answer.id === id}
                  onChoose={() => {
                    if (answer.id !== id) onChoose(answer.id)
                    onClose()
                  }}
                />
              ))}
        </ol>
      )}
    </Dialog>
  )
}

interface VersionProps {
  message: Message
  number: number
  isShown: boolean
  onChoose: () => void
}

function Version({ message: stored, number, isShown, onChoose }: VersionProps) {
  const message = useAnswer(stored)
  const { answer } = message
  const facts = [
    answer?.costNanoUsd && answer.costNanoUsd !== '0' ? formatUsd(answer.costNanoUsd) : '',
    answer?.latencyMs === null || answer === null ? '' : formatDuration(answer.latencyMs),
  ].filter(Boolean)
  return (
    <li className="compare-version" data-shown={isShown || undefined}>
      <header>
        <h3>{answer?.modelName || message.authorName || t('conversation.message.answer.unnamed')}</h3>
        <p className="numeric">{[t('conversation.compare.version', { number }), ...facts].join(' · ')}</p>
      </header>
      <div className="compare-answer">
        <Answer message={message} />
      </div>
      <footer>
        {isShown && <span className="compare-shown">{t('conversation.compare.shown')}</span>}
        {answer && isActive(message) && (
          <Button size="s" variant="quiet" onClick={() => void socket.stopTurn(answer.turnId).catch((error: unknown) => showError(error))}>
            {t('conversation.compare.stop')}
          </Button>
        )}
        <Button size="s" variant={isShown ? 'secondary' : 'primary'} onClick={onChoose}>
          {t('conversation.compare.choose')}
        </Button>
      </footer>
    </li>
  )
}
