import type { Model } from '../../../contract/models.ts'
import type { PickerGroup } from '../../ui/picker.tsx'
import { c } from '../connections/strings.ts'

/** Chat models by connection, for a picker. */
export function modelGroups(models: readonly Model[]): PickerGroup[] {
  const byConnection = Object.groupBy(
    models.filter((model) => model.kind === 'chat'),
    (model) => model.connectionName,
  )
  return Object.entries(byConnection).map(([label, group = []]) => ({
    label,
    items: group.map((model) => ({
      value: model.id,
      label: model.name,
      keywords: `${model.internalName} ${c(`provider.${model.provider}`)}`,
    })),
  }))
}
