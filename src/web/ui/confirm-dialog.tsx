import { useState } from 'react'
import type { ReactNode } from 'react'
import { t } from '../strings/index.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { TextField } from './field.tsx'
import { FormSummary } from './form.tsx'
import { type ApiError, toApiError } from '../errors.ts'

interface Props {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  text: ReactNode
  action: string
  /** To be typed before the button works: for what cannot be undone and hurts. */
  typed?: string
  onConfirm: () => Promise<void>
  /** What is chosen with it. */
  children?: ReactNode
}

export function ConfirmDialog({ open, onOpenChange, title, text, action, typed, onConfirm, children }: Props) {
  const [value, setValue] = useState('')
  const [error, setError] = useState<ApiError | null>(null)
  const [isPending, setPending] = useState(false)
  const isReady = typed === undefined || value.trim() === typed

  async function confirm() {
    if (!isReady || isPending) return
    setPending(true)
    setError(null)
    try {
      await onConfirm()
      onOpenChange(false)
    } catch (thrown) {
      setError(toApiError(thrown))
    } finally {
      setPending(false)
    }
  }

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={text}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('ui.cancel')}</Button>
          <Button variant="danger" isPending={isPending} disabled={!isReady} onClick={() => void confirm()}>
            {action}
          </Button>
        </>
      }
    >
      <FormSummary form={{ error, problems: [] }} />
      {children}
      {typed !== undefined && (
        <TextField label={t('ui.type_to_confirm', { text: typed })} value={value} onChange={setValue} autoComplete="off" />
      )}
    </Dialog>
  )
}
