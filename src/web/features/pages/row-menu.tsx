import { Ellipsis, Eye, EyeOff, Pencil, Trash2 } from 'lucide-react'
import { t } from '../../strings/index.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { s } from './strings.ts'

interface Props {
  name: string
  isActive: boolean
  onEdit: () => void
  onToggle: () => void
  onDelete: () => void
}

export function RowMenu({ name, isActive, onEdit, onToggle, onDelete }: Props) {
  return (
    <Menu align="end" trigger={<IconButton icon={Ellipsis} label={s('more', { name })} size="s" />}>
      <MenuItem icon={Pencil} onSelect={onEdit}>
        {s('edit')}
      </MenuItem>
      <MenuItem icon={isActive ? EyeOff : Eye} onSelect={onToggle}>
        {s(isActive ? 'hide' : 'show')}
      </MenuItem>
      <MenuItem icon={Trash2} isDanger onSelect={onDelete}>
        {t('ui.delete')}
      </MenuItem>
    </Menu>
  )
}
