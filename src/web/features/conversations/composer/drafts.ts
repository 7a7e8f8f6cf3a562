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
 * is kept it begins with `initial`; back at it, or empty, nothing is kept. All windows of a browser show the same draft: one that was opened earlier would
 * overwrite what another has kept since.
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
    const follow = () => {
      // What is being written here right now is kept in a moment.
      if (timer.current !== undefined) return
      latest.current = read(key) || initial
      setText(latest.current)
    }
    const onStorage = (event: StorageEvent) => (event.key === prefix + key || event.key === null) && follow()
    addEventListener('pagehide', save)
    addEventListener('storage', onStorage)
    // A window that was put away hears nothing meanwhile.
    addEventListener('pageshow', follow)
    document.addEventListener('visibilitychange', follow)
    return () => {
      removeEventListener('pagehide', save)
      removeEventListener('storage', onStorage)
      removeEventListener('pageshow', follow)
      document.removeEventListener('visibilitychange', follow)
      save()
    }
  }, [key, initial])

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
