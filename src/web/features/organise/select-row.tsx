import type { ReactNode } from 'react'
import { Checkbox } from '../../ui/field.tsx'
import { o } from './strings.ts'

interface Props {
  title: string
  isSelected: boolean
  onSelect: (isSelected: boolean) => void
  children: ReactNode
}

/** A row that can be selected; what it is stands beside its box. */
export function SelectRow({ title, isSelected, onSelect, children }: Props) {
  return (
    <li className="organise-row" data-selected={isSelected || undefined}>
      <Checkbox label={<span className="visually-hidden">{o('select', { title })}</span>} isChecked={isSelected} onChange={onSelect} />
      {children}
    </li>
  )
}
