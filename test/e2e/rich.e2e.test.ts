import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { startPictureServer } from '../support/picture-server.ts'
import { useTestApp } from '../support/test-app.ts'
import { conversationSaying } from '../support/written-answer.ts'

const server = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
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

const fence = (text: string) => `\`\`\`mermaid\n${text}\n\`\`\``
const diagrams = [
  'flowchart LR\n  A[Ask] --> B{Deep?}\n  B -->|yes| C[Sail]\n  B -->|no| D[Wait]',
  'sequenceDiagram\n  Ship->>Harbour: May I enter?\n  Harbour-->>Ship: At noon',
  'pie title Tides\n  "High" : 2\n  "Low" : 3',
]
const hostileDiagrams = [
  'flowchart LR\n  A[x] --> B[y]\n  click A "javascript:parent.postMessage(1)" "t"\n  click B call alert(1)',
  'flowchart LR\n  A["<img src=x onerror=top.pwned=1>"] --> B["<a href=\'javascript:top.pwned=1\'>x</a>"]',
  '%%{init: {"securityLevel":"loose","htmlLabels":true,"flowchart":{"htmlLabels":true},"themeCSS":"*{background:url(https://evil.example/css)}"}}%%\nflowchart LR\n  A["<iframe src=https://evil.example></iframe>"]',
  'flowchart LR\n  A@{ img: "https://evil.example/i.png", label: "x" }',
]
const refusedDiagrams = [
  'flowchart LR\n  A -->',
  `flowchart LR\n${Array.from({ length: 400 }, (_, n) => `  A${n} --> B${n}`).join('\n')}`,
  `flowchart LR\n  A[${'x'.repeat(21_000)}]`,
]

test.each([
  [1440, 'light'],
  [390, 'dark'],
] as const)(
  'diagrams are drawn as pictures at %i px, %s, opened large, and shown as source where they cannot be',
  async (width, colorScheme) => {
    const [ada] = await server.current.people('ada')
    const id = await conversationSaying(server.current, ada, [...diagrams, ...refusedDiagrams].map(fence).join('\n\n'))
    const page = await browser.open(server.current, ada, `/c/${id}`, { width, colorScheme })
    const answer = lastAnswer(page)
    const pictures = answer.getByRole('img')
    await expect.poll(() => pictures.count(), { timeout: 40_000 }).toBe(3)
    await expect.poll(() => answer.getByText('This could not be drawn as a diagram.').count()).toBe(3)
    const sizes = await pictures.evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth))
    expect(Math.min(...sizes)).toBeGreaterThan(50)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    expect(await accessibilityProblems(page)).toEqual([])
    await answer.getByRole('button', { name: 'Source' }).first().press('Enter')
    await answer.locator('code', { hasText: 'A[Ask]' }).waitFor()
    await answer.getByRole('button', { name: 'Source' }).first().press('Enter')
    await pictures.first().scrollIntoViewIfNeeded()
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/diagrams-${width}.png` })
    await answer.getByRole('button', { name: 'Open large' }).first().press('Enter')
    const dialog = page.getByRole('dialog')
    const large = dialog.getByRole('img')
    await large.waitFor()
    await page.keyboard.press('+')
    await page.keyboard.press('+')
    const widthOf = () => large.evaluate((image) => image.clientWidth)
    const zoomed = await widthOf()
    expect((await dialog.boundingBox())!.width).toBeLessThanOrEqual(width)
    await page.keyboard.press('-')
    await expect.poll(widthOf).toBeLessThan(zoomed)
    expect(await accessibilityProblems(page)).toEqual([])
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/diagram-large-${width}.png` })
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  },
)

test('a hostile diagram is at most a picture', async () => {
  const [ada] = await server.current.people('ada')
  const id = await conversationSaying(server.current, ada, [diagrams[2]!, ...hostileDiagrams].map(fence).join('\n\n'))
  const page = await browser.open(server.current, ada, '/icon.svg')
  const requests: string[] = []
  page.on('requestfinished', (request) => void requests.push(request.url()))
  // Refused by the policy of the frame, it never left.
  page.on('requestfailed', (request) => request.failure()?.errorText !== 'csp' && requests.push(request.url()))
  page.on('dialog', (dialog) => void requests.push(`dialog ${dialog.message()}`))
  await page.goto(`${server.current.url}/c/${id}`)
  const answer = lastAnswer(page)
  // Each is drawn or refused; which of both is up to the drawing program.
  await expect
    .poll(async () => (await answer.getByRole('img').count()) + (await answer.getByText('This could not be drawn').count()), {
      timeout: 40_000,
    })
    .toBe(5)
  const svgs = await answer
    .getByRole('img')
    .evaluateAll((images) => images.map((image) => decodeURIComponent((image as HTMLImageElement).src)))
  expect(svgs.length).toBeGreaterThan(1)
  for (const svg of svgs) expect(svg).not.toMatch(/<script|foreignObject|\son\w+=|javascript:|href="http|<image/i)
  expect(requests.filter((url) => !url.startsWith(server.current.url) && !url.startsWith('data:image/svg'))).toEqual([])
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false)
  // The frame has no origin: no cookie, no storage.
  const frame = page.frames().find((one) => one.url().endsWith('/frames/diagram.html'))!
  expect(
    await frame.evaluate(() => [
      origin,
      (() => {
        try {
          return document.cookie
        } catch {
          return 'none'
        }
      })(),
    ]),
  ).toEqual(['null', 'none'])
})

test.each([
  [1440, 'light'],
  [390, 'dark'],
] as const)(
  'a table scrolls by itself and is copied; a picture is fetched by the server on a press at %i px, %s',
  async (width, colorScheme) => {
    await using host = await startPictureServer()
    const [ada] = await server.current.people('ada')
    const columns = Array.from({ length: 14 }, (_, column) => `Column ${column}`)
    const table = `| ${columns.join(' | ')} |\n|${'--|'.repeat(14)}\n| =1+1 | **two**, "2" |${' x |'.repeat(12)}`
    const id = await conversationSaying(
      server.current,
      ada,
      `${table}\n\n![The harbour](${host.url}/ok.png)\n\n![Gone](${host.url}/gone.png)\n\n![bad](javascript:alert(1))`,
    )
    const page = await browser.open(server.current, ada, '/icon.svg', { width, colorScheme })
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const requests: string[] = []
    page.on('request', (request) => void requests.push(request.url()))
    await page.goto(`${server.current.url}/c/${id}`)
    const answer = lastAnswer(page)
    const scroller = answer.getByRole('region', { name: 'Table' })
    await scroller.focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => scroller.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0)
    await answer.getByRole('button', { name: 'Copy as CSV' }).press('Enter')
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain(`\r\n'=1+1,"two, ""2""",x,x,`)
    await answer.getByRole('button', { name: 'Copy as Markdown' }).press('Enter')
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(table)
    expect(await accessibilityProblems(page)).toEqual([])

    expect(host.asked).toEqual([])
    await answer.getByRole('button', { name: /^Show The harbour/ }).press('Enter')
    const picture = answer.getByRole('img', { name: 'The harbour' })
    await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(240)
    expect(host.asked).toEqual(['/ok.png'])
    await answer.getByRole('button', { name: /^Show Gone/ }).click()
    await answer.getByText('The picture could not be fetched.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/pictures-${width}.png` })
    await answer.getByRole('button', { name: /^Open large: The harbour/ }).click()
    await page.getByRole('dialog').getByRole('img').waitFor()
    await page.keyboard.press('Escape')
    expect(requests.filter((url) => url.startsWith(host.url))).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  },
)
