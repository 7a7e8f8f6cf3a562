/** Makes the app installable, and able to say that it is offline. Not in development, where files change under a worker. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  addEventListener('load', () => {
    // A browser that refuses (private windows, no TLS) shows its own page when it is offline.
    navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => {})
  })
}
