import { ArrowUp, ChevronDown, Square } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import type { AgentSummary } from '../../../../contract/agents.ts'
import type { ConversationId, ModelId, WorkspaceId } from '../../../../contract/ids.ts'
import type { FilePart } from '../../../../contract/messages.ts'
import type { Model } from '../../../../contract/models.ts'
import { t } from '../../../strings/index.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { DictationButton } from '../speech/dictation-button.tsx'
import { AttachButton } from '../../files/attach-button.tsx'
import { DropArea } from '../../files/drop-area.tsx'
import { FileChips } from '../../files/file-chips.tsx'
import { useComposerFiles } from '../../files/use-composer-files.ts'
import { a } from '../../agents/strings.ts'
import { useComposerMention } from '../../agents/use-composer-mention.tsx'
import { useComposerPrompts } from '../../prompts/use-composer-prompts.tsx'
import { maxMessageLength } from '../limits.ts'
import { useDraft } from './drafts.ts'
import { useHasKeyboard } from './has-keyboard.ts'
import { ModelPicker } from './model-picker.tsx'
import './composer.css'

export interface ComposerHandle {
  focus: () => void
  /** Puts text in, before what is there already. */
  insert: (text: string, files?: readonly FilePart[]) => void
  /** Puts words behind what is there, as somebody else's, and the caret behind them. */
  quote: (text: string) => void
}

interface Props {
  ref?: Ref<ComposerHandle>
  draftKey: string
  /** Where files go that are attached; undefined while that is not known yet. */
  workspaceId: WorkspaceId | undefined
  conversationId?: ConversationId
  placeholder: string
  hint: ReactNode
  model: Model | undefined
  onModel: (id: ModelId) => void
  /** Chooses who answers. */
  agentPicker?: ReactNode
  /** Whether and with what answers search the web. */
  searchSwitch?: ReactNode
  /** Asks somebody else aside, where that can be done. */
  onAskAside?: ((agent: AgentSummary, text: string) => Promise<boolean>) | undefined
  /** Takes the text and the files; the draft is given up only if it says so. */
  onSend: (text: string, files: readonly FilePart[]) => boolean | Promise<boolean>
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
  workspaceId,
  conversationId,
  placeholder,
  hint,
  model,
  onModel,
  agentPicker,
  searchSwitch,
  onAskAside,
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
  const prompts = useComposerPrompts({ draftKey, text, setText, field })
  const mention = useComposerMention({ isOn: onAskAside !== undefined, text, setText, field })
  const isEmpty = text.trim() === '' && !prompts.isFilled
  const excess = prompts.join(text).length - maxMessageLength
  const files = useComposerFiles({ draftKey, workspaceId, conversationId, model })
  const hasContent = !isEmpty || files.all.length > 0
  const hasFilesAside = mention.chosen !== null && files.all.length > 0
  const isSendable = hasContent && excess <= 0 && !isSending && !files.hasFailed && !hasFilesAside

  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    insert: (inserted, parts = []) => {
      files.putBack(parts)
      if (inserted !== '') setText(text.trim() === '' ? inserted : `${inserted}\n\n${text}`)
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
    if (!hasKeyboard || document.querySelector('[role=dialog]')) return
    field.current?.focus()
    // Behind what was written before.
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length)
  }, [draftKey, hasKeyboard])
  useLayoutEffect(() => {
    isTaken.current = false
  }, [text, files.all, prompts.isFilled])
  useLayoutEffect(() => {
    // Where the browser cannot size a field by its content.
    const area = field.current
    if (!area || CSS.supports('field-sizing', 'content')) return
    area.style.height = 'auto'
    area.style.height = `${area.scrollHeight}px`
  }, [text])

  async function submit() {
    if (!isSendable || isTaken.current) return
    // It goes by itself once the last file is there.
    if (files.isUnderWay) return files.hold()
    isTaken.current = true
    onTyping?.(false)
    try {
      const words = isEmpty ? '' : prompts.join(text)
      isTaken.current = await (mention.chosen && onAskAside ? onAskAside(mention.chosen, words) : onSend(words, files.parts))
    } catch (error) {
      isTaken.current = false
      throw error
    }
    if (!isTaken.current) return
    files.take()
    setText('')
    prompts.clear()
    mention.clear()
  }
  const submitLatest = useRef(submit)
  useEffect(() => {
    submitLatest.current = submit
  })
  const { isHeld, isUnderWay, release } = files
  useEffect(() => {
    if (!isHeld || isUnderWay) return
    release()
    void submitLatest.current()
  }, [isHeld, isUnderWay, release])

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || mention.onKeyDown(event) || prompts.onKeyDown(event)) return
    if (event.key === 'Enter' && !event.shiftKey && (hasKeyboard || event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      void submit()
    } else if (event.key === 'ArrowUp' && text === '' && !prompts.isFilled && onEditLast) {
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
      variant={hasContent ? 'quiet' : 'primary'}
      label={isStopping ? t('conversation.composer.stopping') : t('conversation.composer.stop')}
      shortcut="Esc"
      disabled={isStopping}
      onClick={onStop}
    />
  )

  return (
    <div className="composer">
      {workspaceId && <DropArea onFiles={files.add} />}
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
        <FileChips draftKey={draftKey} files={files.all} onRemoved={() => hasKeyboard && field.current?.focus()} />
        {files.notes.map((note) => (
          <p key={note} className="file-note">
            {note}
          </p>
        ))}
        {prompts.popup}
        {mention.popup}
        {mention.panel}
        {prompts.panels}
        <textarea
          {...prompts.fieldProps}
          {...mention.fieldProps}
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
            prompts.onTyped(event.target.value, event.target.selectionStart)
            mention.onTyped(event.target.value, event.target.selectionStart)
            onTyping?.(event.target.value !== '')
          }}
          onBlur={() => {
            prompts.onBlur()
            mention.onBlur()
            onTyping?.(false)
          }}
          onKeyDown={onKeyDown}
          onPaste={files.onPaste}
        />
        <div className="composer-tools">
          <AttachButton onFiles={files.add} />
          {agentPicker}
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
          {searchSwitch}
          {prompts.button}
          <div className="composer-send">
            <DictationButton onText={(heard) => setText(text.trim() === '' ? heard : `${text.trimEnd()} ${heard}`)} />
            {isAnswering && stop}
            {(!isAnswering || hasContent) && (
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
      {prompts.dialog}
      <p id="composer-hint" className="composer-hint" data-tone={excess > 0 || files.hasFailed || hasFilesAside ? 'danger' : undefined}>
        {excess > 0 ? t('conversation.composer.too_long', { count: excess }) : hasFilesAside ? a('mention.files') : (files.hint ?? hint)}
      </p>
    </div>
  )
}
