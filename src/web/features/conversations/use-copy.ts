import { useEffect, useRef, useState } from 'react'
import { t } from '../../strings/index.ts'
import { showToast } from '../../ui/toast.tsx'

/** Puts text on the clipboard and says so for a moment. */
export function useCopy(): { isCopied: boolean; copy: (text: string) => void } {
  const [isCopied, setCopied] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const copy = (text: string) => {
    void writeClipboard(text).then((isDone) => {
      if (!isDone) {
        showToast({ title: t('conversation.copy.failed'), description: t('conversation.copy.failed.action'), tone: 'danger' })
        return
      }
      setCopied(true)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => setCopied(false), 1600)
    })
  }
  return { isCopied, copy }
}

/** The clipboard of the browser exists only on https and localhost; elsewhere a selection does it. */
export async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    field.className = 'visually-hidden'
    document.body.append(field)
    const focused = document.activeElement
    field.select()
    const isDone = document.execCommand('copy')
    field.remove()
    if (focused instanceof HTMLElement) focused.focus()
    return isDone
  }
}
