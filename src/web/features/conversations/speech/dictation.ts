import { useEffect, useRef, useState } from 'react'
import { t } from '../../../strings/index.ts'
import { showToast } from '../../../ui/toast.tsx'

/** The part of the browsers' interface that we use; TypeScript's own library has none, since it is no standard yet. */
interface Recognition extends EventTarget {
  lang: string
  continuous: boolean
  interimResults: boolean
  onresult: ((event: { resultIndex: number; results: ArrayLike<{ isFinal: boolean; 0: { transcript: string } }> }) => void) | null
  onerror: ((event: { error: string }) => void) | null
  onend: (() => void) | null
  start: () => void
  stop: () => void
  abort: () => void
}

declare global {
  var SpeechRecognition: (new () => Recognition) | undefined
  var webkitSpeechRecognition: (new () => Recognition) | undefined
}

const recognitionOf = () => globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition

const failures = new Map([
  ['not-allowed', 'conversation.dictate.denied'],
  ['service-not-allowed', 'conversation.dictate.denied'],
  ['audio-capture', 'conversation.dictate.no_microphone'],
  ['network', 'conversation.dictate.network'],
  ['language-not-supported', 'conversation.dictate.language'],
] as const)

/** Listens by the browser's own means. What is settled is told piece by piece; `interim` is what it thinks it hears now. */
export function useDictation(onText: (text: string) => void): {
  isSupported: boolean
  isListening: boolean
  interim: string
  toggle: () => void
} {
  const [interim, setInterim] = useState<string>()
  const current = useRef<Recognition>(null)
  const tell = useRef(onText)
  useEffect(() => {
    tell.current = onText
  })
  useEffect(() => () => current.current?.abort(), [])

  function start() {
    const Recogniser = recognitionOf()
    if (!Recogniser) return
    const recognition = new Recogniser()
    recognition.lang = navigator.language
    recognition.continuous = true
    recognition.interimResults = true
    recognition.onresult = ({ resultIndex, results }) => {
      const heard = Array.from(results).slice(resultIndex)
      const settled = heard.filter(({ isFinal }) => isFinal).map((result) => result[0].transcript.trim())
      if (settled.length > 0) tell.current(settled.join(' '))
      setInterim(
        heard
          .filter(({ isFinal }) => !isFinal)
          .map((result) => result[0].transcript)
          .join(''),
      )
    }
    recognition.onerror = ({ error }) => {
      // Silence, or our own end.
      if (error === 'no-speech' || error === 'aborted') return
      const description = failures.get(error as 'network')
      showToast({ title: t('conversation.dictate.failed'), ...(description ? { description: t(description) } : {}), tone: 'danger' })
    }
    recognition.onend = () => {
      current.current = null
      setInterim(undefined)
    }
    current.current = recognition
    setInterim('')
    try {
      recognition.start()
    } catch {
      recognition.onend()
      showToast({ title: t('conversation.dictate.failed'), tone: 'danger' })
    }
  }
  return {
    isSupported: recognitionOf() !== undefined,
    isListening: interim !== undefined,
    interim: interim ?? '',
    toggle: () => (current.current ? current.current.stop() : start()),
  }
}
