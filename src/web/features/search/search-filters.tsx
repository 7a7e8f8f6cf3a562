import { Select } from '../../ui/field.tsx'
import { useAgents } from '../agents/use-agents.ts'
import { useModels } from '../conversations/index.ts'
import { periods, type SearchAddress, type When } from './search-address.ts'
import { s } from './strings.ts'

export function SearchFilters({ address, onChange }: { address: SearchAddress; onChange: (part: SearchAddress) => void }) {
  const models = useModels().data?.models ?? []
  const agents = useAgents() ?? []
  return (
    <div className="search-filters">
      <Select
        aria-label={s('when.label')}
        value={address.when ?? ''}
        onChange={(when) => onChange({ when: (when || undefined) as When | undefined })}
        options={[{ value: '', label: s('when.any') }, ...periods.map((value) => ({ value, label: s(`when.${value}`) }))]}
      />
      <Select
        aria-label={s('model.label')}
        value={address.model ?? ''}
        onChange={(model) => onChange({ model: model || undefined })}
        options={[{ value: '', label: s('model.any') }, ...models.map(({ id, name }) => ({ value: id as string, label: name }))]}
      />
      {(agents.length > 0 || address.agent) && (
        <Select
          aria-label={s('agent.label')}
          value={address.agent ?? ''}
          onChange={(agent) => onChange({ agent: agent || undefined })}
          options={[{ value: '', label: s('agent.any') }, ...agents.map(({ id, name }) => ({ value: id as string, label: name }))]}
        />
      )}
    </div>
  )
}
