import { Ellipsis, Eye, EyeOff, Pencil, Trash2 } from 'lucide-react'
import { t } from '../../strings/index.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { s } from './strings.ts'

interface Props {
  name: string
  onEdit: () => void
  /** Left out: it cannot be hidden. */
  toggle?: { isActive: boolean; onToggle: () => void }
  onDelete: () => void
}

export function RowMenu({ name, onEdit, toggle, onDelete }: Props) {
  return (
    <Menu align="end" trigger={<IconButton icon={Ellipsis} label={s('more', { name })} size="s" />}>
      <MenuItem icon={Pencil} onSelect={onEdit}>
        {s('edit')}
      </MenuItem>
      {toggle && (
        <MenuItem icon={toggle.isActive ? EyeOff : Eye} onSelect={toggle.onToggle}>
          {s(toggle.isActive ? 'hide' : 'show')}
        </MenuItem>
      )}
      <MenuItem icon={Trash2} isDanger onSelect={onDelete}>
        {t('ui.delete')}
      </MenuItem>
    </Menu>
  )
}
