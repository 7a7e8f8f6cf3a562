import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { useTestApp } from '../support/test-app.ts'
import { conversationSaying } from '../support/written-answer.ts'

const server = useTestApp()
const browser = useBrowser()

const lastAnswer = (page: Page): Locator => page.locator('.message[data-role=assistant]').last()

/** What the clipboard would be given for a selection from the first to the last of some elements. */
const copied = (page: Page, from: string, to: string): Promise<{ plain: string; html: string }> =>
  page.evaluate(
    ([first, last]) => {
      const range = document.createRange()
      range.setStartBefore(document.querySelector(`.answer-text ${first}`)!)
      range.setEndAfter([...document.querySelectorAll(`.answer-text ${last}`)].at(-1)!)
      getSelection()!.removeAllRanges()
      getSelection()!.addRange(range)
      const clipboardData = new DataTransfer()
      range.startContainer.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }))
      return { plain: clipboardData.getData('text/plain'), html: clipboardData.getData('text/html') }
    },
    [from, to] as const,
  )

const formulas = [
  'Tides follow $h(t) = \\sum_i a_i \\cos(\\omega_i t)$ and cost $5 to $10.',
  '$$\\int_0^\\infty e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}$$',
  '```math\n\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}\n```',
  'Wrong: $\\frac{1}$. Hostile: \\(\\href{javascript:alert(1)}{x}\\), \\(\\htmlStyle{position:fixed}{y}\\), $\\includegraphics{https://evil.example/i.png}$.',
  `$$\\frac{${'a + '.repeat(120)}a}{b}$$`,
].join('\n\n')

test.each([
  [1440, 'light'],
  [390, 'dark'],
] as const)('formulas are drawn at %i px, %s; what is none is said as it was written', async (width, colorScheme) => {
  const [ada] = await server.current.people('ada')
  const id = await conversationSaying(server.current, ada, formulas)
  const page = await browser.open(server.current, ada, '/', { width, colorScheme })
  const requests: string[] = []
  page.on('request', (request) => void requests.push(request.url()))
  await page.waitForLoadState('networkidle')
  expect(requests.filter((url) => url.includes('draw-formula'))).toEqual([])
  await page.goto(`${server.current.url}/c/${id}`)
  const answer = lastAnswer(page)
  await expect.poll(() => answer.locator('.katex').count()).toBe(4)
  await expect.poll(() => answer.locator('.md-tex').allInnerTexts()).toHaveLength(4)
  expect(await answer.locator('p').first().innerText()).toContain('cost $5 to $10.')
  expect(await answer.locator('a, img, [style*=fixed]').count()).toBe(0)
  expect(requests.filter((url) => !url.startsWith(server.current.url))).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  // Wider than its column it scrolls by the keyboard.
  const wide = answer.getByRole('region', { name: 'Formula' })
  await wide.focus()
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => wide.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0)
  expect(await page.evaluate(() => document.fonts.check('16px KaTeX_Main'))).toBe(true)
  expect(await accessibilityProblems(page)).toEqual([])
  const { plain, html } = await copied(page, 'p', 'p')
  expect(plain).toContain('follow $h(t) = \\sum_i a_i \\cos(\\omega_i t)$ and')
  expect(plain).toContain('$$\\int_0^\\infty e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}$$')
  expect(html).not.toContain('katex')
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/formulas-${width}.png` })
})
