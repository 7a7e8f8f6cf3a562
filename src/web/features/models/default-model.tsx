import { useQueryClient } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import type { Model } from '../../../contract/models.ts'
import { api, query } from '../../api.ts'
import { Field } from '../../ui/field.tsx'
import { Picker } from '../../ui/picker.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { useMe } from '../people/me.ts'
import { useSaveMe } from '../people/use-save-me.ts'
import { modelGroups } from './model-groups.ts'
import { m } from './strings.ts'

interface Props {
  models: readonly Model[]
  effective: { modelId: Model['id']; origin: 'message' | 'conversation' | 'user' | 'workspace' | 'system' }
}

/** What a new conversation begins with, and who decided that. */
export function DefaultModel({ models, effective }: Props) {
  const { settings } = useMe()
  const client = useQueryClient()
  const saveMe = useSaveMe()
  const nameOf = (id: string | null) => models.find((model) => model.id === id)?.name ?? m('default.none')

  async function choose(id: string) {
    const model = models.find((one) => one.id === id)
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
      <Field
        label={m('default.label')}
        help={m('default.effective', { model: nameOf(effective.modelId), origin: m(`origin.${effective.origin}`) })}
      >
        {(wiring) => (
          <Picker
            label={m('default.label')}
            trigger={
              <button type="button" {...wiring} className="input default-model-button">
                <span>{nameOf(settings.defaultModelId)}</span>
                <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
              </button>
            }
            groups={[{ label: '', items: [{ value: 'none', label: m('default.none') }] }, ...modelGroups(models)]}
            value={settings.defaultModelId ?? 'none'}
            onChange={(id) => void choose(id)}
            placeholder={m('default.search')}
            empty={m('default.empty')}
          />
        )}
      </Field>
    </div>
  )
}
