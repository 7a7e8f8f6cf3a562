import {
  Ban,
  Check,
  CircleAlert,
  CircleStop,
  CornerUpRight,
  Hand,
  LoaderCircle,
  type LucideIcon,
  MessageCircleQuestionMark,
  Unplug,
} from 'lucide-react'
import { useLayoutEffect, useRef } from 'react'
import type { TurnId } from '../../../../contract/ids.ts'
import type { ToolCallPart, ToolCallState, ToolProgress } from '../../../../contract/messages.ts'
import type { Provider } from '../../../../contract/models.ts'
import { providerNames } from '../composer/provider-names.ts'
import { t } from '../../../strings/index.ts'
import { formatDuration } from '../../../strings/format.ts'
import { CodeBlock } from '../markdown/code-block.tsx'
import { CancelCall } from './cancel-call.tsx'
import { Disclosure } from './disclosure.tsx'
import { AnsweredQuestion } from './questions/answered-question.tsx'
import { QuestionCard } from './questions/question-card.tsx'
import { PermissionPrompt } from './permission-prompt.tsx'
import { ToolResult } from './tool-result.tsx'
import { toolTitle } from './tool-title.ts'

const icons: Record<ToolCallState, LucideIcon> = {
  asked: Hand,
  running: LoaderCircle,
  completed: Check,
  failed: CircleAlert,
  denied: Ban,
  cancelled: CircleStop,
  interrupted: Unplug,
  client: CornerUpRight,
}

/** Its most telling argument, in a few words. */
function gist(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  const words = Object.values(value).find((inner) => typeof inner === 'string' || typeof inner === 'number')
  return words === undefined ? '' : String(words)
}

const isEmpty = (value: unknown): boolean => value === null || (typeof value === 'object' && Object.keys(value).length === 0)

interface Props {
  part: ToolCallPart
  turnId: TurnId | undefined
  isWaiting: boolean
  /** An agent answers: "always" can be said of it. */
  isAgents: boolean
  provider: Provider | undefined
}

export function ToolRow({ part, turnId, isWaiting, isAgents, provider }: Props) {
  const row = useRef<HTMLButtonElement>(null)
  const isAnsweredHere = useRef(false)
  const isAsking = part.state === 'asked' && isWaiting && turnId !== undefined

  useLayoutEffect(() => {
    if (isAsking || !isAnsweredHere.current) return
    isAnsweredHere.current = false
    // The pressed button went with the question. Whoever has moved on meanwhile stays there.
    if (document.activeElement === document.body) row.current?.focus({ preventScroll: true })
  }, [isAsking])

  if (isAsking) return <PermissionPrompt part={part} turnId={turnId} isAgents={isAgents} onAnswer={() => (isAnsweredHere.current = true)} />
  const { label, source } = toolTitle(part.toolName)
  const isRunning = part.state === 'running'
  // A call that has ended waits for nothing.
  const open = isRunning && turnId !== undefined ? (part.questions ?? []).filter(({ state }) => state === 'asked') : []
  const Icon = open.length > 0 ? MessageCircleQuestionMark : icons[part.state]
  const past = (part.questions ?? []).filter((question) => !open.includes(question))
  return (
    <Disclosure
      ref={row}
      action={isRunning && turnId !== undefined && !part.isProviders && <CancelCall turnId={turnId} callId={part.callId} tool={label} />}
      below={
        <>
          {isRunning && part.progress && <Progress progress={part.progress} tool={label} />}
          {open.map((question) => (
            <QuestionCard key={question.id} question={question} />
          ))}
        </>
      }
      summary={
        <>
          <b>{label}</b>
          {part.isProviders && provider && (
            <span className="work-source">{t('conversation.tool.by_provider', { provider: providerNames[provider] })}</span>
          )}
          {source !== undefined && <span className="work-source">{source}</span>}
          <span className="work-gist">{gist(part.arguments)}</span>
          <span className="work-state" data-state={open.length > 0 ? 'asked' : part.state}>
            <Icon size={14} strokeWidth={2} aria-hidden />
            <span className={part.state === 'completed' ? 'visually-hidden' : undefined}>
              {t(open.length > 0 ? 'conversation.tool.asks' : `conversation.tool.${part.state}`)}
            </span>
            {part.durationMs !== null && <span className="numeric">{formatDuration(part.durationMs)}</span>}
          </span>
        </>
      }
    >
      <Arguments value={part.arguments} />
      {past.map((question) => (
        <AnsweredQuestion key={question.id} question={question} />
      ))}
      <p className="work-label">{t('conversation.tool.result')}</p>
      {part.result === null ? (
        <p>{t('conversation.tool.no_result')}</p>
      ) : (
        <ToolResult result={part.result} whole={part.whole} turnId={turnId} />
      )}
    </Disclosure>
  )
}

export function Arguments({ value }: { value: ToolCallPart['arguments'] }) {
  return (
    <>
      <p className="work-label">{t('conversation.tool.arguments')}</p>
      {isEmpty(value) ? (
        <p>{t('conversation.tool.no_arguments')}</p>
      ) : (
        <CodeBlock language="json" text={JSON.stringify(value, null, 2)} isClosed />
      )}
    </>
  )
}

function Progress({ progress: { message, fraction }, tool }: { progress: ToolProgress; tool: string }) {
  return (
    <div className="work-progress">
      {fraction !== null && <progress aria-label={t('conversation.tool.progress', { tool })} value={fraction} />}
      {message !== null && <span>{message}</span>}
    </div>
  )
}
