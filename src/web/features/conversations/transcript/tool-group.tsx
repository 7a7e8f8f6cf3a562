import type { AnswerInfo, ToolCallPart } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { ToolRow } from './tool-row.tsx'

/** The calls of one pass: a row each, and a line over them where there are several. */
export function ToolGroup({ calls, answer }: { calls: readonly ToolCallPart[]; answer: AnswerInfo | null }) {
  const rows = calls.map((part) => (
    <ToolRow
      key={part.callId}
      part={part}
      turnId={answer?.turnId}
      isWaiting={answer?.state === 'waiting'}
      provider={answer?.provider}
      isAgents={typeof answer?.agentId === 'string'}
    />
  ))
  if (calls.length === 1) return rows
  const count = calls.length
  const title = t('conversation.tool.group', { count })
  const done = calls.filter(({ state }) => state !== 'running' && state !== 'asked').length
  return (
    <div role="group" aria-label={title}>
      <p className="work-group-title numeric">
        {title}
        {done < count && ` · ${t('conversation.tool.group.done', { done, count })}`}
      </p>
      {rows}
    </div>
  )
}
