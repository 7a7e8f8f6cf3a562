import { useEffect, useRef, useState } from 'react'

const prefix = 'parley.draft.'
const pauseMs = 250

function read(key: string): string {
  try {
    return localStorage.getItem(prefix + key) ?? ''
  } catch {
    return ''
  }
}

function write(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(prefix + key)
    else localStorage.setItem(prefix + key, text)
  } catch {
    // Full or forbidden: it lives as long as the page.
  }
}

/**
 * What is being written, kept on this device until it is sent: across reloads, other screens, and a tab that is closed by accident. Where nothing
 * is kept it begins with `initial`; back at it, or empty, nothing is kept.
 */
export function useDraft(key: string, initial = ''): [text: string, setText: (text: string) => void] {
  const [text, setText] = useState(() => read(key) || initial)
  const latest = useRef(text)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    const save = () => {
      clearTimeout(timer.current)
      if (timer.current !== undefined) write(key, latest.current)
      timer.current = undefined
    }
    addEventListener('pagehide', save)
    return () => {
      removeEventListener('pagehide', save)
      save()
    }
  }, [key])

  function change(next: string) {
    latest.current = next
    setText(next)
    clearTimeout(timer.current)
    if (next === '' || next === initial) {
      timer.current = undefined
      write(key, '')
    } else {
      timer.current = setTimeout(() => {
        timer.current = undefined
        write(key, next)
      }, pauseMs)
    }
  }
  return [text, change]
}
