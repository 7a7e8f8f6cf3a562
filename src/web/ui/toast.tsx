import { useSyncExternalStore } from 'react'
import { toApiError } from '../errors.ts'
import { onDemand, useOnDemand } from './on-demand.ts'
import { queueToast, subscribeToToasts, type ToastOptions, wasToastQueued } from './toast-queue.ts'

/** Its code loads in an idle moment after the start, or with the first toast. */
export const toastRegion = onDemand(() => import('./toast-region.tsx'))

/** Says something in passing, from anywhere. */
export const showToast = (options: ToastOptions): void => queueToast(options)

/** What went wrong and what to do, in the words of the error itself. `failed` names what was tried: "The title was not changed." */
export function showError(error: unknown, failed?: string, action?: ToastOptions['action']): void {
  const { message, action: remedy, detail } = toApiError(error)
  queueToast({
    title: failed ?? message,
    description: [failed ? message : undefined, detail, remedy].filter(Boolean).join(' '),
    tone: 'danger',
    ...(action ? { action } : {}),
  })
}

/** Mounted once, beside the app. */
export function Toasts() {
  const isNeeded = useSyncExternalStore(subscribeToToasts, wasToastQueued)
  const parts = useOnDemand(toastRegion, isNeeded)
  return parts && <parts.ToastRegion />
}
