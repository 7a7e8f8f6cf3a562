// Says that one is offline where the browser would say that nothing is there. It keeps nothing but that page: no answer of the server, nothing anybody wrote,
// and no file of the app, so no version of it can get stuck here.
const cacheName = 'parley-offline-1'
const offline = '/offline.html'
const kept = [offline, '/offline.css', '/offline.js', '/theme.js', '/icon.svg']
/** Not the app: what machines ask for, and pages that strangers read. */
const elsewhere = /^\/(?:@|api\/|v1\/|ws|mcp|hooks\/|s\/|visitor\/|frames\/|health|ready|metrics)/

addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(kept.map((path) => new Request(path, { cache: 'reload' })))))
  skipWaiting()
})

addEventListener('activate', (event) => {
  event.waitUntil(
    Promise.all([
      caches.keys().then((names) => Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)))),
      registration.navigationPreload?.enable(),
      clients.claim(),
    ]),
  )
})

addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin || elsewhere.test(pathname)) return
  if (request.mode === 'navigate') event.respondWith(load(event).catch(() => caches.match(offline)))
  else if (kept.includes(pathname)) event.respondWith(fetch(request).catch(async () => (await caches.match(pathname)) ?? Response.error()))
})

const load = async (event) => (await event.preloadResponse) ?? fetch(event.request)
