import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { findBrowser } from '../../scripts/test-tools.ts'
import type { Client, TestApp } from './test-app.ts'

export interface WindowOptions
  extends Pick<BrowserContextOptions, 'colorScheme' | 'reducedMotion' | 'javaScriptEnabled' | 'serviceWorkers'> {
  /** CSS pixels; 1440 × 900 unless told. 390 × 844 is a phone that is touched. */
  width?: number
  height?: number
}

export interface TestBrowser {
  /** A window of its own, with nobody signed in. */
  stranger(app: Pick<TestApp, 'url'>, options?: WindowOptions): Promise<Page>
  /** A window in which this person is signed in. Pages of one person share it with `page.context().newPage()`. */
  open(app: TestApp, person: Client, path?: string, options?: WindowOptions): Promise<Page>
}

/**
 * One browser for all tests of a file. Whatever a page complains of (an error that nobody caught, something that the content security policy
 * refused) fails the test.
 */
export function useBrowser(): TestBrowser {
  let browser: Browser | undefined
  const contexts: BrowserContext[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    const executablePath = findBrowser()
    if (!executablePath) throw new Error('There is no browser on this machine; set TEST_BROWSER to one.')
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  })
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()))
    expect(complaints.splice(0)).toEqual([])
  })
  afterAll(() => browser?.close())

  async function openWindow({ width = 1440, height = width < 500 ? 844 : 900, ...options }: WindowOptions): Promise<BrowserContext> {
    if (!browser) throw new Error('The browser starts before the first test.')
    const isPhone = width < 500
    const context = await browser.newContext({
      viewport: { width, height },
      hasTouch: isPhone,
      isMobile: isPhone,
      reducedMotion: 'reduce',
      // What a worker passes on is seen by no route of a test.
      serviceWorkers: 'block',
      ...options,
    })
    context.setDefaultTimeout(10_000)
    context.on('weberror', (event) => void complaints.push(event.error().stack ?? event.error().message))
    context.on('console', (message) => {
      // What a frame without an origin is talked into is refused there, which is what it is for.
      if (/\/frames\/|^about:srcdoc$/.test(message.location().url)) return
      // Told without a place; a page's own policy says `frame-src`.
      if (/^Framing .*'frame-src' was not explicitly set/s.test(message.text())) return
      if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text())
    })
    contexts.push(context)
    return context
  }

  return {
    stranger: async (app, options = {}) => {
      const page = await (await openWindow(options)).newPage()
      await page.goto(app.url)
      return page
    },
    open: async (app, person, path = '/', options = {}) => {
      const context = await openWindow(options)
      const [name = '', ...value] = (person.cookie ?? '').split('=')
      await context.addCookies([{ name, value: value.join('='), url: app.url }])
      const page = await context.newPage()
      await page.goto(app.url + path)
      return page
    },
  }
}

/** What axe finds against WCAG 2.2 AA, one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} (${node.failureSummary?.split('\n')[1]?.trim() ?? ''})`),
  )
}

/** The accessible name of what has the focus, as far as a test needs it. */
export const focusedName = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement
    if (!(element instanceof HTMLElement)) return ''
    const label = (element as HTMLInputElement).labels?.[0]?.textContent
    return element.getAttribute('aria-label') ?? label ?? element.textContent.trim()
  })
