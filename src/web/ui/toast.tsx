import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { toApiError } from '../errors.ts'
import { t } from '../strings/index.ts'
import './toast.css'

const manager = Toast.createToastManager()

interface ToastOptions {
  title: string
  description?: string
  tone?: 'plain' | 'danger'
  /** The way back, or the next step. Pressing it also closes the toast. */
  action?: { label: string; onPress: () => void }
  /** Ms; 0 stays until it is closed. What offers a way back stays longer by default. */
  timeout?: number
}

/** Says something in passing, from anywhere. Returns its id, for `closeToast`. */
export function showToast({ title, description, tone = 'plain', action, timeout }: ToastOptions): string {
  const id: string = manager.add({
    title,
    description,
    type: tone,
    priority: tone === 'danger' ? 'high' : 'low',
    timeout: timeout ?? (action || tone === 'danger' ? 9000 : 4500),
    ...(action
      ? {
          actionProps: {
            children: action.label,
            onClick: () => {
              manager.close(id)
              action.onPress()
            },
          },
        }
      : {}),
  })
  return id
}

/** What went wrong and what to do, in the words of the error itself. `failed` names what was tried: "Not renamed". */
export function showError(error: unknown, failed?: string, action?: ToastOptions['action']): string {
  const { message, action: remedy, detail } = toApiError(error)
  return showToast({
    title: failed ?? message,
    description: [failed ? message : undefined, detail, remedy].filter(Boolean).join(' '),
    tone: 'danger',
    ...(action ? { action } : {}),
  })
}

export const closeToast = (id: string): void => manager.close(id)

/** Wraps the app; F6 moves the focus to the toasts. */
export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="toasts" aria-label={t('ui.notifications')}>
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function ToastList() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast" data-tone={toast.type} swipeDirection={['down', 'right']}>
      <Toast.Content className="toast-content">
        <div className="toast-text">
          <Toast.Title className="toast-title" />
          <Toast.Description className="toast-description" />
        </div>
        <Toast.Action className="toast-action" />
        <Toast.Close className="icon-button" data-size="s" aria-label={t('ui.dismiss')}>
          <X size={16} strokeWidth={1.75} aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
