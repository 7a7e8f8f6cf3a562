import type { AgentSummary } from '../../../contract/agents.ts'
import './agents.css'

/** Decoration beside a written name, therefore hidden from assistive technology. */
export function AgentPicture({ agent, size = 'm' }: { agent: Pick<AgentSummary, 'icon' | 'color'>; size?: 's' | 'm' | 'l' }) {
  return (
    <span className="agent-picture" data-color={agent.color} data-size={size} aria-hidden>
      {agent.icon}
    </span>
  )
}
