import { type ReactNode, useLayoutEffect, useRef } from 'react'
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
  const bar = useRef<HTMLDivElement>(null)
  // What was pressed is out of use once nothing is selected; the focus would be lost with it.
  useLayoutEffect(() => {
    if (bar.current?.contains(document.activeElement) && document.activeElement?.matches(':disabled'))
      (bar.current.querySelector<HTMLElement>('input:enabled') ?? bar.current).focus()
  })
  return (
    <div ref={bar} className="organise-bar" tabIndex={-1}>
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
