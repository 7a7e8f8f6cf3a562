import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, CircleHelp, CirclePause, LoaderCircle, type LucideIcon } from 'lucide-react'
import type { ChildConversation } from '../../../../contract/conversations.ts'
import { AgentPicture } from '../../agents/agent-picture.tsx'
import { useAgent } from '../../agents/use-agents.ts'
import { t } from '../../../strings/index.ts'
import './children.css'

const icons: Record<ReturnType<typeof progressOf>, LucideIcon> = {
  running: LoaderCircle,
  waiting: CircleHelp,
  completed: CircleCheck,
  stopped: CirclePause,
  failed: CircleAlert,
}

/** The conversations that a message began, each with how far it is. */
export function ChildCards({ items }: { items: readonly ChildConversation[] }) {
  return (
    <ul className="children" aria-label={t('conversation.children')}>
      {items.map((child) => (
        <ChildCard key={child.conversation.id} child={child} />
      ))}
    </ul>
  )
}

function ChildCard({ child }: { child: ChildConversation }) {
  const { id, title, agentId, lastMessagePreview } = child.conversation
  const { agent } = useAgent(agentId)
  const progress = progressOf(child)
  const Icon = icons[progress]
  // Until there is an answer, the last message is the question, which is the title.
  const summary = progress === 'completed' || progress === 'stopped' ? lastMessagePreview : null
  return (
    <li>
      <Link className="child" to="/c/$conversationId" params={{ conversationId: id }} data-progress={progress}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        <span className="child-title">
          {agent && <AgentPicture agent={agent} size="s" />}
          {agent ? `${agent.name}: ${title}` : title || t('conversation.aside')}
        </span>
        <span className="child-progress">{t(`conversation.child.${progress}`)}</span>
        {summary && <span className="child-summary">{summary}</span>}
      </Link>
    </li>
  )
}

/** Nothing was asked yet: the question is on its way. */
function progressOf({ state, conversation }: ChildConversation): 'running' | 'waiting' | 'completed' | 'stopped' | 'failed' {
  if (state === 'waiting') return 'waiting'
  if (conversation.isAnswering || state === null || state === 'queued' || state === 'running') return 'running'
  return state
}
