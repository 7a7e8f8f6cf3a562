import { useQuery } from '@tanstack/react-query'
import { query } from '../../api.ts'
import { Checkbox, RadioCards } from '../../ui/field.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { a } from './strings.ts'

/** Null: all that are offered. What an agent has already stays to be seen where it is not offered any more. */
export function AgentTools({ value, onChange }: { value: string[] | null; onChange: (tools: string[] | null) => void }) {
  const { id: workspaceId } = useWorkspace()
  const { data } = useQuery(query.agents.listTools.queryOptions({ input: { workspaceId } }))
  const offered = data ?? []
  const gone = (value ?? []).filter((name) => data && !data.some((tool) => tool.name === name))
  return (
    <>
      <RadioCards
        label={a('form.tools')}
        value={value === null ? 'all' : 'some'}
        onChange={(which) => onChange(which === 'all' ? null : (value ?? offered.map(({ name }) => name)))}
        options={[
          { value: 'all', label: a('form.tools.all') },
          { value: 'some', label: a('form.tools.some') },
        ]}
      />
      {value && (
        <fieldset className="agent-tools">
          <legend className="visually-hidden">{a('form.tools.some')}</legend>
          {data?.length === 0 && <p className="field-help">{a('form.tools.none')}</p>}
          {[...offered, ...gone.map((name) => ({ name, description: a('form.tools.gone'), permission: 'allow' as const }))].map((tool) => (
            <Checkbox
              key={tool.name}
              label={tool.permission === 'ask' ? `${tool.name} (${a('form.tools.ask')})` : tool.name}
              help={tool.description}
              isChecked={value.includes(tool.name)}
              onChange={(isChecked) => onChange(isChecked ? [...value, tool.name] : value.filter((name) => name !== tool.name))}
            />
          ))}
        </fieldset>
      )}
    </>
  )
}
