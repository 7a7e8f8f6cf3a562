export interface ToastOptions {
  title: string
  description?: string
  tone?: 'plain' | 'danger'
  /** The way back, or the next step. Pressing it also closes the toast. */
  action?: { label: string; onPress: () => void }
  /** Ms; 0 stays until it is closed. What offers a way back stays longer by default. */
  timeout?: number
}

type Receiver = (toast: ToastOptions) => void

let receiver: Receiver | null = null
let waiting: ToastOptions[] = []
let wasUsed = false
const listeners = new Set<() => void>()

/** Shown at once, or as soon as the region is there to show it. */
export function queueToast(toast: ToastOptions): void {
  if (receiver) return receiver(toast)
  waiting.push(toast)
  wasUsed = true
  for (const listener of listeners) listener()
}

/** The region is there: it gets what has waited for it, and from now on everything. Returns the way out. */
export function receiveToasts(next: Receiver): () => void {
  receiver = next
  for (const toast of waiting) next(toast)
  waiting = []
  return () => {
    receiver = null
  }
}

/** Whether there ever was a toast, which is when the region is needed. */
export const wasToastQueued = (): boolean => wasUsed

export function subscribeToToasts(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
