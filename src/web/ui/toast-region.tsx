import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import { useEffect } from 'react'
import { t } from '../strings/index.ts'
import { receiveToasts, type ToastOptions } from './toast-queue.ts'
import './toast.css'

const manager = Toast.createToastManager()

function show({ title, description, tone = 'plain', action, timeout }: ToastOptions): void {
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
}

/** A landmark at the foot of the window; F6 moves the focus to it. */
export function ToastRegion() {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
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
  useEffect(() => receiveToasts(show), [])
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
