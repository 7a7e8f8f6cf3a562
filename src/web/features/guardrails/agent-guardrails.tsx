import { useQuery } from '@tanstack/react-query'
import type { GuardrailId } from '../../../contract/ids.ts'
import { query } from '../../api.ts'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { ChoiceField } from './choice-field.tsx'
import { g } from './strings.ts'

/** Those that an agent names. What it has already stays to be seen where it is gone. */
export function AgentGuardrails({ value, onChange }: { value: readonly GuardrailId[]; onChange: (ids: GuardrailId[]) => void }) {
  const { id: workspaceId } = useWorkspace()
  const { data } = useQuery(query.guardrails.list.queryOptions({ input: { workspaceId } }))
  const offered = (data ?? []).filter(({ id, appliesTo }) => appliesTo === 'agents' || value.includes(id))
  const gone = data ? value.filter((id) => !data.some((one) => one.id === id)) : []
  if (offered.length === 0 && gone.length === 0) return null
  return (
    <ChoiceField
      label={g('agent.label')}
      help={g('agent.help')}
      chosen={value}
      onChange={onChange}
      options={[
        ...offered.map(({ id, name, kind, action }) => ({
          value: id,
          label: name,
          help: `${g(`kind.${kind}`)} · ${g(`action.${action}`)}`,
        })),
        ...gone.map((id) => ({ value: id, label: g('agent.gone') })),
      ]}
    />
  )
}
