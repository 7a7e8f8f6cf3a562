import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import type { ModelId } from '../../../../contract/ids.ts'
import type { Model } from '../../../../contract/models.ts'
import { t } from '../../../strings/index.ts'
import { Picker, type PickerGroup } from '../../../ui/picker.tsx'
import { priceOf, useModels } from './models.ts'
import { providerNames } from './provider-names.ts'

interface Props {
  label: string
  trigger: ReactElement
  value: ModelId | null
  onChange: (id: ModelId) => void
  side?: 'top' | 'bottom'
}

export function ModelPicker({ label, trigger, value, onChange, side = 'top' }: Props) {
  const { data } = useModels()
  return (
    <Picker
      label={label}
      trigger={trigger}
      side={side}
      groups={groupsOf(data?.models ?? [])}
      value={value}
      onChange={(id) => onChange(id as ModelId)}
      placeholder={t('conversation.model.search')}
      empty={t('conversation.model.none')}
      footer={<Link to="/settings/connections">{t('conversation.model.add')}</Link>}
    />
  )
}

/** By provider; endpoints of one's own by the name of their connection. */
function groupsOf(models: readonly Model[]): PickerGroup[] {
  const groups = Map.groupBy(models, (model) =>
    model.provider === 'openai-compatible' ? model.connectionName : providerNames[model.provider],
  )
  return [...groups].map(([label, members]) => ({
    label,
    items: members.map((model) => ({
      value: model.id,
      label: model.name,
      detail: `${t(`conversation.key.${model.keyOrigin}`)} · ${priceOf(model)}`,
      keywords: `${model.internalName} ${label} ${model.connectionName}`,
    })),
  }))
}
