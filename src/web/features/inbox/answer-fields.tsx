import { useQuery } from '@tanstack/react-query'
import type { Model } from '../../../contract/models.ts'
import { query } from '../../api.ts'
import { SelectField, TextAreaField } from '../../ui/field.tsx'
import type { FormState } from '../../ui/form.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { i } from './strings.ts'

interface Answers {
  /** Empty: the workspace's. */
  modelId: string
  systemPrompt: string
}

export function useChatModels(): Model[] {
  const { id: workspaceId } = useWorkspace()
  const { data } = useQuery(query.models.list.queryOptions({ input: { workspaceId } }))
  return data?.models.filter((model) => model.kind === 'chat') ?? []
}

/** Who answers by an installation, and how. */
export function AnswerFields({
  values,
  set,
  errorOf,
  models,
}: {
  values: Answers
  set: (patch: Partial<Answers>) => void
  errorOf: FormState<Answers>['errorOf']
  models: readonly Model[]
}) {
  return (
    <>
      <SelectField
        label={i('form.model')}
        value={values.modelId}
        onChange={(modelId) => set({ modelId })}
        error={errorOf('modelId')}
        options={[{ value: '', label: i('form.model.default') }, ...models.map(({ id, name }) => ({ value: id as string, label: name }))]}
      />
      <TextAreaField
        label={i('form.prompt')}
        help={i('form.prompt.help')}
        rows={3}
        maxLength={100_000}
        value={values.systemPrompt}
        onChange={(systemPrompt) => set({ systemPrompt })}
        error={errorOf('systemPrompt')}
      />
    </>
  )
}
