import { Link } from '@tanstack/react-router'
import { Bot, ChevronDown } from 'lucide-react'
import type { AgentId } from '../../../contract/ids.ts'
import { Picker } from '../../ui/picker.tsx'
import { AgentPicture } from './agent-picture.tsx'
import { a } from './strings.ts'
import { useAgent, useAgents } from './use-agents.ts'
import './agents.css'

/** Who answers, in the composer. Not there where there is nobody to choose. */
export function AgentPicker({ value, onChange }: { value: AgentId | null; onChange: (id: AgentId | null) => void }) {
  const agents = useAgents()
  const { agent, isGone } = useAgent(value)
  if (value === null && (!agents || agents.length === 0)) return null
  const name = isGone ? a('choose.gone') : (agent?.name ?? '…')
  return (
    <Picker
      label={a('choose.label')}
      side="top"
      trigger={
        <button
          type="button"
          className="composer-model agent-chosen"
          aria-label={value === null ? a('choose.label') : a('choose.current', { name })}
        >
          {agent ? <AgentPicture agent={agent} size="s" /> : <Bot size={16} strokeWidth={1.75} aria-hidden />}
          {value !== null && <span className="agent-chosen-name">{name}</span>}
          <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
        </button>
      }
      groups={[
        { label: '', items: [{ value: '', label: a('choose.none'), detail: a('choose.none.detail') }] },
        {
          label: a('title'),
          items: (agents ?? []).map((one) => ({
            value: one.id,
            picture: <AgentPicture agent={one} size="s" />,
            label: one.name,
            detail: one.description,
            keywords: one.description,
          })),
        },
      ]}
      value={value ?? ''}
      onChange={(id) => onChange(id === '' ? null : (id as AgentId))}
      placeholder={a('choose.search')}
      empty={a('choose.empty')}
      footer={<Link to="/agents">{a('choose.manage')}</Link>}
    />
  )
}
