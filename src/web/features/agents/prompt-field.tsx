import { useQuery } from '@tanstack/react-query'
import type { AgentVersion } from '../../../contract/agents.ts'
import type { PromptId } from '../../../contract/ids.ts'
import { api, query } from '../../api.ts'
import { SelectField } from '../../ui/field.tsx'
import { showError } from '../../ui/toast.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { a } from './strings.ts'

interface Props {
  /** `<prompt>.<number>`, or empty. */
  value: string
  pinned: AgentVersion['prompt']
  onChange: (value: string, instructions?: string) => void
  error: string | undefined
}

/** Whether the instructions are written here or are a prompt's, as it is now. */
export function PromptField({ value, pinned, onChange, error }: Props) {
  const { id: workspaceId } = useWorkspace()
  const { data } = useQuery(query.prompts.list.queryOptions({ input: { workspaceId, limit: 100 } }))
  const offered = new Map((data?.prompts ?? []).map(({ id, name, version }) => [`${id}.${version}`, { name, number: version }]))
  if (pinned) offered.set(`${pinned.id}.${pinned.number}`, pinned)
  if (offered.size === 0) return null

  async function choose(chosen: string) {
    if (chosen === '') return onChange('')
    try {
      const [id, number] = chosen.split('.')
      const prompt = await api.prompts.get({ id: id as PromptId })
      // A version that is pinned already reads as it stands in the form.
      onChange(chosen, prompt.version === Number(number) ? prompt.content : undefined)
    } catch (cause) {
      showError(cause)
    }
  }

  return (
    <SelectField
      label={a('form.prompt')}
      help={a('form.prompt.help')}
      error={error}
      value={value}
      onChange={(chosen) => void choose(chosen)}
      options={[
        { value: '', label: a('form.prompt.own') },
        ...[...offered].map(([key, { name, number }]) => ({ value: key, label: a('form.prompt.pinned', { name, number }) })),
      ]}
    />
  )
}
