import type { ToolPermission } from '../../../contract/custom-tools.ts'
import { Select } from '../../ui/field.tsx'
import { c } from './strings.ts'

const all: readonly ToolPermission[] = ['allow', 'ask', 'deny']

export function PermissionSelect({
  name,
  value,
  onChange,
  offered = all,
}: {
  name: string
  value: ToolPermission
  onChange: (value: ToolPermission) => void
  offered?: readonly ToolPermission[]
}) {
  return (
    <Select
      aria-label={c('permission.of', { name })}
      value={value}
      onChange={onChange}
      options={offered.map((permission) => ({ value: permission, label: c(`permission.${permission}`) }))}
    />
  )
}
