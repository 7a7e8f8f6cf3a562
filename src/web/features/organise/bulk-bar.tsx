import type { ReactNode } from 'react'
import { Checkbox } from '../../ui/field.tsx'
import { o } from './strings.ts'

interface Props {
  count: number
  selected: number
  onSelectAll: (isSelected: boolean) => void
  /** What can be done with what is selected, or with nothing selected. */
  children: ReactNode
}

/** Stays at its place, so that selecting moves nothing. */
export function BulkBar({ count, selected, onSelectAll, children }: Props) {
  return (
    <div className="organise-bar">
      <Checkbox
        label={
          <span className={selected > 0 ? '' : 'visually-hidden'}>
            {selected > 0 ? o('selected', { count: selected }) : o('select.all')}
          </span>
        }
        isChecked={count > 0 && selected === count}
        isDisabled={count === 0}
        onChange={onSelectAll}
      />
      <div className="organise-actions">{children}</div>
    </div>
  )
}
