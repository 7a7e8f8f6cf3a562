import type { ReactElement, ReactNode } from 'react'
import { onDemand } from './on-demand.ts'
import { usePopup } from './popup-trigger.tsx'

export const pickerPopup = onDemand(() => import('./picker-popup.tsx'))

export interface PickerItem {
  value: string
  label: string
  /** Decoration before the label. */
  picture?: ReactNode
  detail?: ReactNode
  /** More words that find it. */
  keywords?: string
}

export interface PickerGroup {
  label: string
  items: readonly PickerItem[]
}

export interface PickerProps {
  /** Names the list and its search for assistive technology. */
  label: string
  /** The element that opens it. It must pass on `ref` and the handlers it gets. */
  trigger: ReactElement
  groups: readonly PickerGroup[]
  value: string | null
  onChange: (value: string) => void
  placeholder: string
  empty: ReactNode
  side?: 'top' | 'bottom'
  align?: 'start' | 'end'
  /** Below the list: where to get more. */
  footer?: ReactNode
}

/** One of many, with a search: models, time zones. */
export function Picker({ trigger, ...rest }: PickerProps) {
  const { button, popup, parts } = usePopup({ trigger, kind: 'dialog', source: pickerPopup })
  return (
    <>
      {button}
      {parts && <parts.PickerPopup {...rest} popup={popup} />}
    </>
  )
}
