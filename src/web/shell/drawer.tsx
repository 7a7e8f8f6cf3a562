import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { t } from '../strings/index.ts'
import '../ui/dialog.css'
import { setDrawerOpen } from './sidebar-state.ts'

/** The sidebar over the page: modal, the focus inside, given back when it closes. */
export function Drawer({ isOpen, children }: { isOpen: boolean; children: ReactNode }) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={setDrawerOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="sidebar drawer" aria-label={t('shell.sidebar')}>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
