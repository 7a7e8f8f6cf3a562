import { useSyncExternalStore } from 'react'
import type { MessageId } from '../../../../contract/ids.ts'
import { t } from '../../../strings/index.ts'
import { languageOf } from './language-of.ts'
import { spokenPieces } from './spoken-text.ts'

export interface Reading {
  messageId: MessageId
  state: 'reading' | 'paused'
}

const speech: SpeechSynthesis | undefined = globalThis.speechSynthesis
let reading: Reading | null = null
let pieces: string[] = []
let next = 0
const listeners = new Set<() => void>()

function change(to: Reading | null): void {
  reading = to
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  speech?.addEventListener('voiceschanged', listener)
  return () => {
    listeners.delete(listener)
    speech?.removeEventListener('voiceschanged', listener)
  }
}

/** What is being read aloud, by the browser's own voice. One thing at a time. */
export const useReading = (): Reading | null => useSyncExternalStore(subscribe, () => reading)
export const useHasVoices = (): boolean => useSyncExternalStore(subscribe, () => (speech?.getVoices().length ?? 0) > 0)

export function readAloud(messageId: MessageId, markdown: string): void {
  stopReading()
  pieces = spokenPieces(markdown, t('conversation.aloud.code'))
  next = 0
  if (pieces.length === 0) return
  const language = languageOf(pieces.join(' '))
  change({ messageId, state: 'reading' })
  say(language)
}

/** Piece by piece: some browsers fall silent in the middle of a long one. */
function say(language: string | undefined): void {
  const text = pieces[next]
  const about = reading?.messageId
  if (!speech || text === undefined) return change(null)
  const utterance = new SpeechSynthesisUtterance(text)
  if (language !== undefined) {
    utterance.lang = language
    const voice = speech.getVoices().find(({ lang }) => lang.toLowerCase().startsWith(language))
    if (voice) utterance.voice = voice
  }
  const goOn = () => {
    if (reading?.messageId !== about || pieces[next] !== text) return
    next += 1
    say(language)
  }
  utterance.onend = goOn
  // A voice that fails at one sentence may read the next; one that may not speak at all is done.
  utterance.onerror = ({ error }) => (error === 'not-allowed' || error === 'audio-busy' ? stopReading() : goOn())
  speech.speak(utterance)
}

export function pauseReading(): void {
  speech?.pause()
  if (reading) change({ ...reading, state: 'paused' })
}

export function goOnReading(): void {
  speech?.resume()
  if (reading) change({ ...reading, state: 'reading' })
}

export function stopReading(): void {
  if (!reading) return
  pieces = []
  change(null)
  speech?.cancel()
  // Paused, the next thing to be read would wait as well.
  speech?.resume()
}
