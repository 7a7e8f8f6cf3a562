import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import type { AgentId, WorkspaceId } from '../../../contract/ids.ts'
import { query } from '../../api.ts'
import { toApiError } from '../../errors.ts'
import { Field } from '../../ui/field.tsx'
import { Picker } from '../../ui/picker.tsx'
import { AgentPicture } from './agent-picture.tsx'
import { a } from './strings.ts'
// The button is that of a model.
import '../models/model-settings.css'

interface Props {
  label: string
  help?: ReactNode
  error?: string | undefined
  workspaceId: WorkspaceId
  value: AgentId | null
  onChange: (id: AgentId | null) => void
  /** This person may not know them. */
  isHidden?: boolean
  isDisabled?: boolean
}

/** One agent of those that can be used there, or none: as the workspace has it. */
export function AgentField({ label, help, error, workspaceId, value, onChange, isHidden = false, isDisabled = false }: Props) {
  const list = useQuery(query.agents.list.queryOptions({ input: { workspaceId, limit: 100 }, enabled: !isHidden }))
  const agents = list.data?.agents ?? []
  const chosen = agents.find(({ id }) => id === value)
  const name = chosen ? chosen.name : list.data || isHidden ? a('field.unknown') : ''
  return (
    <Field label={label} help={help} error={error ?? (list.isError && !list.data ? toApiError(list.error).message : undefined)}>
      {(wiring) => (
        <Picker
          label={label}
          trigger={
            <button type="button" {...wiring} className="input default-model-button" disabled={isDisabled || isHidden}>
              {chosen && <AgentPicture agent={chosen} size="s" />}
              <span className="agent-field-name">{value === null ? a('field.none') : name}</span>
              <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
            </button>
          }
          groups={[
            { label: '', items: [{ value: '', label: a('field.none') }] },
            {
              label: a('title'),
              items: agents.map((agent) => ({
                value: agent.id,
                picture: <AgentPicture agent={agent} size="s" />,
                label: agent.name,
                detail: agent.description,
                keywords: agent.description,
              })),
            },
          ]}
          value={value ?? ''}
          onChange={(id) => onChange(id === '' ? null : (id as AgentId))}
          placeholder={a('choose.search')}
          empty={a('choose.empty')}
          footer={
            <Link to="/agents/$agentId" params={{ agentId: 'new' }}>
              {a('new')}
            </Link>
          }
        />
      )}
    </Field>
  )
}
