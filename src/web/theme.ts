import { useSyncExternalStore } from 'react'

export type Theme = 'light' | 'dark' | 'system'

const key = 'parley.theme'
const systemIsDark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

const isTheme = (value: unknown): value is Theme => value === 'light' || value === 'dark' || value === 'system'

function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(key)
    return isTheme(stored) ? stored : 'system'
  } catch {
    return 'system'
  }
}

let theme = readTheme()

function apply(): void {
  const isDark = theme === 'dark' || (theme === 'system' && systemIsDark.matches)
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
  // The frame that an installed app has around it. `--surface-0` as a value that every system reads.
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', isDark ? '#16171a' : '#fcfcfb')
}

apply()
systemIsDark.addEventListener('change', apply)
addEventListener('storage', (event) => {
  if (event.key !== key) return
  theme = readTheme()
  apply()
  for (const listener of listeners) listener()
})

/** Takes effect at once and is remembered on this device, where `theme.js` finds it before the first paint. */
export function setTheme(next: Theme): void {
  if (next === theme) return
  theme = next
  try {
    localStorage.setItem(key, next)
  } catch {
    // A browser without storage keeps it until the page is closed.
  }
  apply()
  for (const listener of listeners) listener()
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => theme,
  )
}

/** What is on the screen now, whether chosen or the system's. */
export function useIsDark(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const observer = new MutationObserver(listener)
      observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
      return () => observer.disconnect()
    },
    () => document.documentElement.dataset.theme === 'dark',
  )
}
