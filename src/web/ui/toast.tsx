import { useSyncExternalStore } from 'react'
import { toApiError } from '../errors.ts'
import { onDemand, useOnDemand } from './on-demand.ts'

export interface ToastOptions {
  title: string
  description?: string
  tone?: 'plain' | 'danger'
  /** The way back, or the next step. Pressing it also closes the toast. */
  action?: { label: string; onPress: () => void }
  /** Ms; 0 stays until it is closed. What offers a way back stays longer by default. */
  timeout?: number
}

export type Delivery = { kind: 'show'; id: string; options: ToastOptions } | { kind: 'close'; id: string }

/** Its code loads in an idle moment after the start, or with the first toast. */
export const toastRegion = onDemand(() => import('./toast-region.tsx'))

let deliver: ((delivery: Delivery) => void) | null = null
let waiting: Delivery[] = []
let isWanted = false
const listeners = new Set<() => void>()

function send(delivery: Delivery): void {
  if (deliver) return deliver(delivery)
  waiting.push(delivery)
  isWanted = true
  for (const listener of listeners) listener()
}

/** The region is there: it gets what has waited for it, and from now on everything. Returns the way out. */
export function receiveToasts(receiver: (delivery: Delivery) => void): () => void {
  deliver = receiver
  for (const delivery of waiting) receiver(delivery)
  waiting = []
  return () => {
    deliver = null
  }
}

/** Says something in passing, from anywhere. Returns its id, for `closeToast`. */
export function showToast(options: ToastOptions): string {
  const id = crypto.randomUUID()
  send({ kind: 'show', id, options })
  return id
}

/** What went wrong and what to do, in the words of the error itself. `failed` names what was tried: "The title was not changed." */
export function showError(error: unknown, failed?: string, action?: ToastOptions['action']): string {
  const { message, action: remedy, detail } = toApiError(error)
  return showToast({
    title: failed ?? message,
    description: [failed ? message : undefined, detail, remedy].filter(Boolean).join(' '),
    tone: 'danger',
    ...(action ? { action } : {}),
  })
}

export const closeToast = (id: string): void => send({ kind: 'close', id })

/** Mounted once, beside the app. */
export function Toasts() {
  const isShown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => isWanted,
  )
  const parts = useOnDemand(toastRegion, isShown)
  return parts && <parts.ToastRegion />
}
