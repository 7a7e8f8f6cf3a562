import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { t } from '../strings/index.ts'
import { Button } from './button.tsx'
import { showToast } from './toast.tsx'

/** Copies, and says so where it was pressed. */
export function CopyButton({ text, label, name }: { text: string; label?: string /** Where several stand together. */; name?: string }) {
  const [isCopied, setCopied] = useState(false)

  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [isCopied])

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      // Without TLS or the permission there is no clipboard; the text stays selectable.
      showToast({ title: t('ui.copy.failed'), tone: 'danger' })
    }
  }

  return (
    <Button icon={isCopied ? Check : Copy} aria-label={isCopied ? undefined : name} onClick={() => void copy()}>
      <span role="status">{isCopied ? t('ui.copied') : (label ?? t('ui.copy'))}</span>
    </Button>
  )
}
