import { Hand } from 'lucide-react'
import { useState } from 'react'
import type { TurnId } from '../../../../contract/ids.ts'
import type { ToolCallPart } from '../../../../contract/messages.ts'
import type { Decision, DecisionScope } from '../../../../contract/turns.ts'
import { t } from '../../../strings/index.ts'
import { Button } from '../../../ui/button.tsx'
import { showError } from '../../../ui/toast.tsx'
import { CodeBlock } from '../markdown/code-block.tsx'
import { useMessageActions } from './message-actions-context.ts'
import { toolTitle } from './tool-title.ts'

/** The question stands in the message itself, so it is there again after a reload and on every device. */
interface Props {
  part: ToolCallPart
  turnId: TurnId
  /** An agent answers: "always" can be said of it. */
  isAgents: boolean
  onAnswer: () => void
}

export function PermissionPrompt({ part, turnId, isAgents, onAnswer }: Props) {
  const { decide } = useMessageActions()
  const [sent, setSent] = useState<string | null>(null)

  async function answer(decision: Decision, scope: DecisionScope) {
    if (sent) return
    setSent(`${decision} ${scope}`)
    onAnswer()
    try {
      await decide(turnId, part.callId, decision, scope)
    } catch (error) {
      setSent(null)
      showError(error, t('conversation.permission.failed'))
    }
  }
  const choice = (decision: Decision, label: string, variant: 'primary' | 'secondary' | 'quiet', scope: DecisionScope = 'conversation') => {
    const isSent = sent === `${decision} ${scope}`
    return (
      <Button
        size="s"
        variant={variant}
        isPending={isSent}
        disabled={sent !== null && !isSent}
        onClick={() => void answer(decision, scope)}
      >
        {label}
      </Button>
    )
  }

  const { label, source } = toolTitle(part.toolName)
  const title = t('conversation.permission.title', {
    tool: source === undefined ? label : t('conversation.tool.of', { tool: label, source }),
  })
  return (
    <section className="permission" aria-label={title}>
      <p className="permission-title">
        <Hand size={16} strokeWidth={1.75} aria-hidden />
        {title}
      </p>
      <p className="permission-text">{t('conversation.permission.text')}</p>
      <CodeBlock language="json" text={JSON.stringify(part.arguments, null, 2)} isClosed />
      <div className="permission-choices">
        {choice('allow', t('conversation.permission.allow'), 'primary')}
        {choice('always-allow', t('conversation.permission.always'), 'secondary')}
        {isAgents && choice('always-allow', t('conversation.permission.always.agent'), 'secondary', 'agent')}
        {choice('deny', t('conversation.permission.deny'), 'secondary')}
        {choice('always-deny', t('conversation.permission.never'), 'quiet')}
      </div>
    </section>
  )
}
