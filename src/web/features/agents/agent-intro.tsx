import type { Agent } from '../../../contract/agents.ts'
import { AgentPicture } from './agent-picture.tsx'
import { a } from './strings.ts'
import './agents.css'

/** Who will answer in a conversation that is empty yet. */
export function AgentIntro({ agent }: { agent: Agent }) {
  return (
    <div className="agent-intro">
      <AgentPicture agent={agent} size="l" />
      <h2>{agent.name}</h2>
      {agent.description && <p>{agent.description}</p>}
    </div>
  )
}

export function AgentStarters({ agent, onChoose }: { agent: Agent; onChoose: (text: string) => void }) {
  const { starters } = agent.current
  if (starters.length === 0) return null
  return (
    <ul className="agent-starters" aria-label={a('starters.label')}>
      {starters.map((text) => (
        <li key={text}>
          <button type="button" className="agent-starter" onClick={() => onChoose(text)}>
            {text}
          </button>
        </li>
      ))}
    </ul>
  )
}
