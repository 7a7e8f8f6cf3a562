import { expect, test } from 'vitest'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { useTestApp } from '../support/test-app.ts'

const server = useTestApp()
const browser = useBrowser()

interface Installability {
  installabilityErrors: { errorId: string }[]
}
interface AppManifest {
  errors: unknown[]
  data?: string
}

test('the app can be installed, and says so when it is offline; nothing else is kept', async () => {
  const [ada] = await server.current.people('ada')
  const page = await browser.open(server.current, ada, '/', { width: 390, colorScheme: 'dark', serviceWorkers: 'allow' })
  await page.evaluate(() => navigator.serviceWorker.ready)
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
  const devTools = await page.context().newCDPSession(page)
  const manifest = (await devTools.send('Page.getAppManifest')) as AppManifest
  expect(manifest.errors).toEqual([])
  const { icons } = JSON.parse(manifest.data ?? '{}') as { icons: { src: string; sizes: string; type: string }[] }
  for (const { src, type } of icons) {
    const answer = await page.request.get(server.current.url + src)
    expect([answer.status(), answer.headers()['content-type']], src).toEqual([200, type])
  }
  // Whoever browses without leaving traces is not offered it; that is all there is to complain of.
  const { installabilityErrors } = (await devTools.send('Page.getInstallabilityErrors')) as Installability
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([])
  expect(await page.locator('meta[name=theme-color]').getAttribute('content')).toBe('#16171a')

  await page.context().setOffline(true)
  await page.goto(`${server.current.url}/highlights`)
  await page.getByRole('heading', { name: 'Parley cannot be reached' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/offline.png` })
  const kept = await page.evaluate(async () => {
    const names = await caches.keys()
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return requests
      .flat()
      .map(({ url }) => new URL(url).pathname)
      .toSorted()
  })
  expect(kept).toEqual(['/icon.svg', '/offline.css', '/offline.html', '/offline.js', '/theme.js'])
  // What strangers read is not answered for.
  await expect(page.goto(`${server.current.url}/@somebody`)).rejects.toThrow('ERR_INTERNET_DISCONNECTED')
  await page.context().setOffline(false)
  await page.goto(`${server.current.url}/highlights`)
  await page.getByRole('main').waitFor()
  await page.context().setOffline(true)
  await page.reload()
  await page.getByRole('heading', { name: 'Parley cannot be reached' }).waitFor()
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('You have marked nothing yet').waitFor()
})

test('a visitor of a page gets no worker', async () => {
  const page = await browser.stranger(server.current, { serviceWorkers: 'allow' })
  await page.goto(`${server.current.url}/s/${'a'.repeat(32)}`)
  const scripts = await page.locator('script[src]').evaluateAll((all) => all.map((one) => one.getAttribute('src')))
  expect(scripts.filter((src) => src?.includes('sw.js'))).toEqual([])
})
