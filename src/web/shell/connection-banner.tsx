import { WifiOff } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { getConnection, subscribeConnection } from '../live.ts'
import { t } from '../strings/index.ts'
import './app-frame.css'

const patienceMs = 2500

function useIsOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      addEventListener('online', listener)
      addEventListener('offline', listener)
      return () => {
        removeEventListener('online', listener)
        removeEventListener('offline', listener)
      }
    },
    () => navigator.onLine,
  )
}

/** Says that the connection is lost once that has lasted long enough to matter. */
export function ConnectionBanner() {
  const isOnline = useIsOnline()
  const { state } = useSyncExternalStore(subscribeConnection, getConnection)
  const isLost = !isOnline || state === 'waiting' || state === 'connecting'
  const [isShown, setShown] = useState(false)

  useEffect(() => {
    if (!isLost) {
      setShown(false)
      return
    }
    const timer = setTimeout(() => setShown(true), isOnline ? patienceMs : 0)
    return () => clearTimeout(timer)
  }, [isLost, isOnline])

  return (
    <div role="status">
      {isShown && (
        <div className="strip" data-tone="warning">
          <WifiOff size={16} strokeWidth={1.75} aria-hidden />
          <p className="strip-text">{t(isOnline ? 'offline.server' : 'offline.browser')}</p>
        </div>
      )}
    </div>
  )
}
