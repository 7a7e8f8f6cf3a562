import type { Kept } from './kept.ts'
import { words } from './strings.ts'

interface ComposerOptions {
  onSay: (text: string) => void
  onPress: (index: number, label: string) => void
  onStop: () => void
}

/** Takes the form over: Enter sends, Shift and Enter break the line, and what is not sent yet survives a reload. */
export function composer(form: HTMLFormElement, session: Kept, { onSay, onPress, onStop }: ComposerOptions) {
  const field = form.querySelector('textarea')!
  const send = form.querySelector<HTMLButtonElement>('.send')!
  const sendLabel = send.getAttribute('aria-label') ?? ''
  const growsByItself = CSS.supports('field-sizing', 'content')
  let canStop = false

  const changed = () => {
    session.write('draft', field.value === '' ? null : field.value)
    const isStop = canStop && field.value.trim() === ''
    send.toggleAttribute('data-does', isStop)
    if (isStop) send.dataset.does = 'stop'
    send.setAttribute('aria-label', isStop ? words.stop : sendLabel)
    if (growsByItself) return
    field.style.height = 'auto'
    field.style.height = `${field.scrollHeight}px`
  }
  const setText = (text: string) => {
    field.value = text
    changed()
  }

  form.noValidate = true
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const button = event.submitter
    if (button instanceof HTMLButtonElement && button.name === 'action') return onPress(Number(button.value), button.textContent)
    const text = field.value.trim()
    if (text === '') return canStop ? onStop() : field.focus()
    setText('')
    onSay(text)
  })
  field.addEventListener('input', changed)
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    // With an empty line Enter does nothing; stopping is a press of the button.
    if (field.value.trim() !== '') form.requestSubmit(send)
  })
  // The caret, and on a phone the keyboard, stay where they are.
  send.addEventListener('mousedown', (event) => event.preventDefault())
  if (field.value === '') setText(session.read('draft') ?? '')

  return {
    focus: () => field.focus(),
    setAnswering: (isAnswering: boolean) => {
      if (canStop === isAnswering) return
      canStop = isAnswering
      changed()
    },
    /** Before what has been written since. */
    giveBack: (text: string) => setText([text, field.value].filter(Boolean).join('\n')),
  }
}
