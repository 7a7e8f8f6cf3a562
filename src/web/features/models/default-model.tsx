import { useQueryClient } from '@tanstack/react-query'
import type { Model, SettingOrigin } from '../../../contract/models.ts'
import { api, query } from '../../api.ts'
import { showError, showToast } from '../../ui/toast.tsx'
import { useMe } from '../people/me.ts'
import { useSaveMe } from '../people/use-save-me.ts'
import { ModelField } from './model-field.tsx'
import { m } from './strings.ts'

interface Props {
  models: readonly Model[]
  effective: { modelId: Model['id']; origin: SettingOrigin }
}

/** What a new conversation begins with, and who decided that. */
export function DefaultModel({ models, effective }: Props) {
  const { settings } = useMe()
  const client = useQueryClient()
  const saveMe = useSaveMe()
  const nameOf = (id: string | null) => models.find((model) => model.id === id)?.name ?? m('default.none')

  async function choose(model: Model | null) {
    try {
      saveMe(await api.people.updateSettings({ defaultModelId: model?.id ?? null }))
      void client.invalidateQueries({ queryKey: query.models.key() })
      showToast({ title: model ? m('default.saved', { model: model.name }) : m('default.cleared') })
    } catch (error) {
      showError(error, m('default.failed'))
    }
  }

  return (
    <div className="default-model">
      <ModelField
        label={m('default.label')}
        help={m('default.effective', { model: nameOf(effective.modelId), origin: m(`origin.${effective.origin}`) })}
        models={models}
        value={settings.defaultModelId}
        onChange={(model) => void choose(model)}
        none={m('default.none')}
      />
    </div>
  )
}
