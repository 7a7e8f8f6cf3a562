import { useEffect, useRef, useState } from 'react'
import { t } from '../../strings/index.ts'
import { showToast } from '../../ui/toast.tsx'
import { richText } from './markdown/rich-text.ts'

/** Puts text on the clipboard and says so for a moment. */
export function useCopy(): { isCopied: boolean; copy: (text: string) => void; copyRich: (markdown: string) => void } {
  const [isCopied, setCopied] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const follow = (writing: Promise<boolean>) => {
    void writing.then((isDone) => {
      if (!isDone) {
        showToast({ title: t('conversation.copy.failed'), description: t('conversation.copy.failed.action'), tone: 'danger' })
        return
      }
      setCopied(true)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => setCopied(false), 1600)
    })
  }
  return { isCopied, copy: (text) => follow(writeClipboard(text)), copyRich: (markdown) => follow(writeRich(markdown)) }
}

/** As markup for a text program, as words for a field. */
export async function writeRich(markdown: string): Promise<boolean> {
  const { html, plain } = richText(markdown)
  try {
    const blob = (type: string, text: string) => new Blob([text], { type })
    await navigator.clipboard.write([new ClipboardItem({ 'text/html': blob('text/html', html), 'text/plain': blob('text/plain', plain) })])
    return true
  } catch {
    return writeClipboard(plain)
  }
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
