import { Hand } from 'lucide-react'
import { useState } from 'react'
import type { TurnId } from '../../../../contract/ids.ts'
import type { ToolCallPart } from '../../../../contract/messages.ts'
import type { Decision } from '../../../../contract/turns.ts'
import { t } from '../../../strings/index.ts'
import { Button } from '../../../ui/button.tsx'
import { showError } from '../../../ui/toast.tsx'
import { CodeBlock } from '../markdown/code-block.tsx'
import { useMessageActions } from './message-actions-context.ts'
import { toolTitle } from './tool-title.ts'

/** The question stands in the message itself, so it is there again after a reload and on every device. */
export function PermissionPrompt({ part, turnId, onAnswer }: { part: ToolCallPart; turnId: TurnId; onAnswer: () => void }) {
  const { decide } = useMessageActions()
  const [sent, setSent] = useState<Decision | null>(null)

  async function answer(decision: Decision) {
    if (sent) return
    setSent(decision)
    onAnswer()
    try {
      await decide(turnId, part.callId, decision)
    } catch (error) {
      setSent(null)
      showError(error, t('conversation.permission.failed'))
    }
  }
  const choice = (decision: Decision, label: string, variant: 'primary' | 'secondary' | 'quiet') => (
    <Button
      size="s"
      variant={variant}
      isPending={sent === decision}
      disabled={sent !== null && sent !== decision}
      onClick={() => void answer(decision)}
    >
      {label}
    </Button>
  )

  const title = t('conversation.permission.title', { tool: toolTitle(part.toolName).label })
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
        {choice('deny', t('conversation.permission.deny'), 'secondary')}
        {choice('always-deny', t('conversation.permission.never'), 'quiet')}
      </div>
    </section>
  )
}
