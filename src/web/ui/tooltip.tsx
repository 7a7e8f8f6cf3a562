import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'
import { Kbd } from './kbd.tsx'
import './tooltip.css'

interface Tip {
  label: string
  shortcut: string | undefined
}

// One tooltip for the whole app; what has one only points at it. A hundred messages with six buttons each stay cheap.
const tooltips = Tooltip.createHandle<Tip>()

export function WithTooltip({ label, shortcut, children }: { label: string; shortcut?: string | undefined; children: ReactElement }) {
  return <Tooltip.Trigger handle={tooltips} payload={{ label, shortcut }} delay={500} render={children} />
}

/** Mounted once, beside the app. */
export function Tooltips() {
  return (
    <Tooltip.Provider>
      <Tooltip.Root handle={tooltips} disableHoverablePopup>
        {({ payload }) => (
          <Tooltip.Portal>
            <Tooltip.Positioner sideOffset={6} className="tooltip-positioner">
              <Tooltip.Popup className="tooltip" aria-hidden>
                {payload?.label}
                {payload?.shortcut && <Kbd keys={payload.shortcut} />}
              </Tooltip.Popup>
            </Tooltip.Positioner>
          </Tooltip.Portal>
        )}
      </Tooltip.Root>
    </Tooltip.Provider>
  )
}
