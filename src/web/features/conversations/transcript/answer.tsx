import { ShieldCheck } from 'lucide-react'
import { memo } from 'react'
import type { ErrorCode } from '../../../../contract/errors.ts'
import type { Message } from '../../../../contract/messages.ts'
import { hostOf, safeUrl } from '../../../../markdown/index.ts'
import { t } from '../../../strings/index.ts'
import { useLiveAnswer } from '../live/live.ts'
import { Markdown } from '../markdown/markdown.tsx'
import { AnswerNotice, isLimit, NoticePart } from './answer-notice.tsx'
import { groupsOf, type Segment, segmentsOf } from './message-text.ts'
import { AnswerFiles } from '../../files/answer-files.tsx'
import { PlanCard } from './plan-card.tsx'
import { ReasoningRow } from './reasoning-row.tsx'
import { SurfaceView } from './surface-view.tsx'
import { ToolGroup } from './tool-group.tsx'

/** The message with what its stream has told since, if it is being written. */
export function useAnswer(message: Message): Message {
  const live = useLiveAnswer(message.answer?.turnId)
  if (!live || !message.answer) return message
  const { state, error, tokens, costNanoUsd, latencyMs } = live
  return {
    ...message,
    parts: [...live.parts],
    answer: {
      ...message.answer,
      modelName: message.answer.modelName || (live.modelName ?? ''),
      state,
      error,
      tokens,
      costNanoUsd,
      latencyMs,
    },
  }
}

export function Answer({ message }: { message: Message }) {
  const { answer, parts } = message
  const state = answer?.state ?? 'completed'
  const isLive = state === 'running'
  const isChecking = useLiveAnswer(answer?.turnId)?.isChecking ?? false
  // A failure is said once, at the end, with the way on; so is a limit.
  const isSaidAtEnd = (code: ErrorCode) => isLimit(code) || (state === 'failed' && answer?.error?.code === code)
  const segments = segmentsOf(parts).filter((segment) => !(segment.kind === 'notice' && isSaidAtEnd(segment.notice.code)))
  // What the answer rests on stands below it also while it grows.
  const last = segments.findLastIndex(({ kind }) => kind !== 'sources')
  return (
    <div className="answer" aria-busy={isLive || undefined}>
      {segments.map((segment, index) => (
        <SegmentView key={segment.key} segment={segment} message={message} isLive={isLive} isLast={index === last} />
      ))}
      {isLive && segments[last]?.kind !== 'text' && !isWorking(segments[last]) && (
        <p className="answer-begin">
          <span className="caret" />
        </p>
      )}
      {isLive && isChecking && (
        <p className="answer-state" role="status">
          <ShieldCheck size={16} strokeWidth={1.75} aria-hidden />
          {t('conversation.checking')}
        </p>
      )}
      <AnswerNotice message={message} />
    </div>
  )
}

/** A row that says that it runs needs no second sign of life below it. */
function isWorking(segment: Segment | undefined): boolean {
  if (segment?.kind !== 'work') return false
  return segment.parts.some((part) => (part.type === 'reasoning' ? part.durationMs === null : part.state === 'running'))
}

function SegmentView({ segment, message, isLive, isLast }: { segment: Segment; message: Message; isLive: boolean; isLast: boolean }) {
  switch (segment.kind) {
    case 'text':
      return <Text text={segment.text} isStreaming={isLive && isLast} />
    case 'work':
      return (
        <div className="work">
          {groupsOf(segment.parts).map((group, index, groups) =>
            group.kind === 'reasoning' ? (
              <ReasoningRow key={index} part={group.part} isLive={isLive && isLast && index === groups.length - 1} />
            ) : (
              <ToolGroup key={group.calls[0]!.callId} calls={group.calls} answer={message.answer} />
            ),
          )}
        </div>
      )
    case 'sources':
      return (
        <ol className="sources" aria-label={t('conversation.source')}>
          {segment.sources.map(({ url, title }) => {
            const href = safeUrl(url)
            return (
              <li key={url}>
                {href === undefined ? (
                  (title ?? url)
                ) : (
                  <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
                    {title ?? hostOf(href)}
                  </a>
                )}
              </li>
            )
          })}
        </ol>
      )
    case 'files':
      return <AnswerFiles files={segment.files} />
    case 'plan':
      return <PlanCard steps={segment.steps} isLive={isLive} />
    case 'surface':
      return <SurfaceView surface={segment.surface} />
    case 'notice':
      return <NoticePart notice={segment.notice} />
  }
}

const Text = memo(function Text({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  return (
    <div className={isStreaming ? 'answer-text is-streaming' : 'answer-text'}>
      <Markdown text={text} isStreaming={isStreaming} />
    </div>
  )
})
