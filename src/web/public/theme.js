// Runs before the first paint, so that no theme flashes. A file of its own because the content security policy allows no inline scripts.
;(function () {
  let chosen = 'system'
  try {
    chosen = localStorage.getItem('parley.theme') || 'system'
  } catch {}
  const dark = chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
