import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { t } from '../strings/index.ts'
import { IconButton } from './icon-button.tsx'
import './dialog.css'

interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  children?: ReactNode
  /** Buttons, the main one last. */
  footer?: ReactNode
  width?: 's' | 'm' | 'l'
  /** Where the focus goes at first; otherwise the first field or button. */
  initialFocus?: RefObject<HTMLElement | null>
}

/** Modal. The focus is kept inside and given back to what opened it. */
export function Dialog({ open, onOpenChange, title, description, children, footer, width = 's', initialFocus }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Viewport className="dialog-viewport">
          <Base.Popup className="dialog" data-width={width} {...(initialFocus ? { initialFocus } : {})}>
            <Base.Title className="dialog-title">{title}</Base.Title>
            {description && <Base.Description className="dialog-description">{description}</Base.Description>}
            {children}
            {footer && <footer className="dialog-footer">{footer}</footer>}
            {/* Last in order, so that the focus begins at the first field or button. */}
            <Base.Close render={<IconButton icon={X} label={t('ui.close')} size="s" className="dialog-close" />} />
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
