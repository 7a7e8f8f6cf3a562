import { ArrowUp, ChevronDown, Square } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import type { ModelId } from '../../../../contract/ids.ts'
import type { Model } from '../../../../contract/models.ts'
import { t } from '../../../strings/index.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { DictationButton } from '../speech/dictation-button.tsx'
import { maxMessageLength } from '../limits.ts'
import { useDraft } from './drafts.ts'
import { useHasKeyboard } from './has-keyboard.ts'
import { ModelPicker } from './model-picker.tsx'
import './composer.css'

export interface ComposerHandle {
  focus: () => void
  /** Puts text in, before what is there already. */
  insert: (text: string) => void
  /** Puts words behind what is there, as somebody else's, and the caret behind them. */
  quote: (text: string) => void
}

interface Props {
  ref?: Ref<ComposerHandle>
  draftKey: string
  placeholder: string
  hint: ReactNode
  model: Model | undefined
  onModel: (id: ModelId) => void
  /** Takes the text; the draft is given up only if it says so. */
  onSend: (text: string) => boolean | Promise<boolean>
  isSending?: boolean
  isAnswering?: boolean
  isStopping?: boolean
  onStop?: () => void
  onEditLast?: () => void
  onTyping?: (isTyping: boolean) => void
}

export function Composer({
  ref,
  draftKey,
  placeholder,
  hint,
  model,
  onModel,
  onSend,
  isSending = false,
  isAnswering = false,
  isStopping = false,
  onStop,
  onEditLast,
  onTyping,
}: Props) {
  const [text, setText] = useDraft(draftKey)
  const field = useRef<HTMLTextAreaElement>(null)
  /** From the press until the emptied field is drawn: a second press in between would send the same text again. */
  const isTaken = useRef(false)
  const hasKeyboard = useHasKeyboard()
  const isEmpty = text.trim() === ''
  const excess = text.length - maxMessageLength
  const isSendable = !isEmpty && excess <= 0 && !isSending

  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    insert: (inserted) => {
      setText(text.trim() === '' ? inserted : `${inserted}\n\n${text}`)
      field.current?.focus()
    },
    quote: (quoted) => {
      setText(`${text.trimEnd()}${text.trim() === '' ? '' : '\n\n'}${quoted.replaceAll(/^/gm, '> ')}\n\n`)
      field.current?.focus()
      requestAnimationFrame(() => {
        const area = field.current
        area?.setSelectionRange(area.value.length, area.value.length)
        area?.scrollTo(0, area.scrollHeight)
      })
    },
  }))
  // On a touch screen it would bring up the keyboard, unasked.
  useEffect(() => {
    if (hasKeyboard && !document.querySelector('[role=dialog]')) field.current?.focus()
  }, [draftKey, hasKeyboard])
  useLayoutEffect(() => {
    isTaken.current = false
  }, [text])
  useLayoutEffect(() => {
    // Where the browser cannot size a field by its content.
    const area = field.current
    if (!area || CSS.supports('field-sizing', 'content')) return
    area.style.height = 'auto'
    area.style.height = `${area.scrollHeight}px`
  }, [text])

  async function submit() {
    if (!isSendable || isTaken.current) return
    isTaken.current = true
    onTyping?.(false)
    try {
      isTaken.current = await onSend(text)
    } catch (error) {
      isTaken.current = false
      throw error
    }
    if (isTaken.current) setText('')
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey && (hasKeyboard || event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      void submit()
    } else if (event.key === 'ArrowUp' && text === '' && onEditLast) {
      event.preventDefault()
      onEditLast()
    } else if (event.key === 'Escape' && isAnswering) {
      event.preventDefault()
      onStop?.()
    }
  }

  const stop = (
    <IconButton
      icon={Square}
      className="composer-stop"
      variant={isEmpty ? 'primary' : 'quiet'}
      label={isStopping ? t('conversation.composer.stopping') : t('conversation.composer.stop')}
      shortcut="Esc"
      disabled={isStopping}
      onClick={onStop}
    />
  )

  return (
    <div className="composer">
      <form
        className="composer-box"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
        // The whole box is the field, as far as a pointer is concerned.
        onPointerDown={(event) => {
          if (event.target !== event.currentTarget) return
          event.preventDefault()
          field.current?.focus()
        }}
      >
        <textarea
          ref={field}
          className="composer-field"
          rows={1}
          value={text}
          placeholder={placeholder}
          aria-label={t('conversation.composer.label')}
          aria-describedby="composer-hint"
          aria-invalid={excess > 0 || undefined}
          enterKeyHint={hasKeyboard ? 'send' : 'enter'}
          readOnly={isSending}
          onChange={(event) => {
            setText(event.target.value)
            onTyping?.(event.target.value !== '')
          }}
          onBlur={() => onTyping?.(false)}
          onKeyDown={onKeyDown}
        />
        <div className="composer-tools">
          <ModelPicker
            label={t('conversation.model.choose')}
            value={model?.id ?? null}
            onChange={(id) => {
              onModel(id)
              // Whoever chose a model wants to write to it; the list gives the focus back to its button first.
              setTimeout(() => field.current?.focus(), 60)
            }}
            trigger={
              <button
                type="button"
                className="composer-model"
                aria-label={model ? t('conversation.model.current', { name: model.name }) : t('conversation.model.choose')}
              >
                <span>{model?.name ?? t('conversation.model.loading')}</span>
                <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
              </button>
            }
          />
          <div className="composer-send">
            <DictationButton onText={(heard) => setText(text.trim() === '' ? heard : `${text.trimEnd()} ${heard}`)} />
            {isAnswering && stop}
            {(!isAnswering || !isEmpty) && (
              <IconButton
                type="submit"
                icon={ArrowUp}
                variant="primary"
                iconSize={20}
                label={isAnswering ? t('conversation.composer.queue') : t('conversation.composer.send')}
                shortcut="Enter"
                disabled={!isSendable}
              />
            )}
          </div>
        </div>
      </form>
      <p id="composer-hint" className="composer-hint" data-tone={excess > 0 ? 'danger' : undefined}>
        {excess > 0 ? t('conversation.composer.too_long', { count: excess }) : hint}
      </p>
    </div>
  )
}
