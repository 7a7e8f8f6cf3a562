/** What a browser keeps for a while. Where it may not (a private window, a strict site), it is forgotten, and nothing fails. */
export interface Kept {
  read: (key: string) => string | null
  write: (key: string, value: string | null) => void
}

export function kept(which: 'localStorage' | 'sessionStorage', prefix: string): Kept {
  return {
    read: (key) => {
      try {
        return window[which].getItem(prefix + key)
      } catch {
        return null
      }
    },
    write: (key, value) => {
      try {
        if (value === null) window[which].removeItem(prefix + key)
        else window[which].setItem(prefix + key, value)
      } catch {
        // Full or forbidden.
      }
    },
  }
}
