// What other sites load, as a classic script: one block, so that nothing is left behind in the page's own scope. The address is written out, since
// a script of another site may not import by a relative one.
{
  const script = document.currentScript
  if (script instanceof HTMLScriptElement && script.dataset['page']) {
    const { origin } = new URL(script.src)
    const place = { origin, slug: script.dataset['page'], isWidget: true }
    const address = `${origin}/visitor/widget.js`
    const load = import(/* @vite-ignore */ address) as Promise<typeof import('./widget/start-widget.ts')>
    // Where the rest cannot be had, the page is as it was without us.
    load.then(({ startWidget }) => startWidget(place)).catch(() => undefined)
  }
}
