import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { useTestApp } from '../support/test-app.ts'
import { conversationSaying } from '../support/written-answer.ts'

const server = useTestApp()
const browser = useBrowser()

const lastAnswer = (page: Page): Locator => page.locator('.message[data-role=assistant]').last()
const button = (scope: Page | Locator, name: string | RegExp): Locator => scope.getByRole('button', { name, exact: true })
const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Your message' })

const text = '## Tides\n\nLow tide comes **twice** a day, and so it is.\n\n- one\n- two'

async function open(width = 1440, before?: (page: Page) => Promise<unknown>): Promise<Page> {
  const [ada] = await server.current.people('ada')
  const id = await conversationSaying(server.current, ada, text)
  const page = await browser.open(server.current, ada, '/icon.svg', { width })
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await before?.(page)
  await page.goto(`${server.current.url}/c/${id}`)
  await lastAnswer(page).getByText('Low tide').waitFor()
  return page
}

const clipboard = (page: Page, type: string): Promise<string | undefined> =>
  page.evaluate(async (wanted) => {
    const [item] = await navigator.clipboard.read()
    return item?.types.includes(wanted) ? (await item.getType(wanted)).text() : undefined
  }, type)

test('an answer is copied as it looks, and as Markdown', async () => {
  const page = await open()
  await page.keyboard.press('Tab')
  await lastAnswer(page).focus()
  await page.keyboard.press('c')
  await expect.poll(() => clipboard(page, 'text/html')).toContain('<p>Low tide comes <strong>twice</strong> a day, and so it is.</p>')
  expect(await clipboard(page, 'text/plain')).toBe('Tides\n\nLow tide comes twice a day, and so it is.\n\n- one\n- two')
  await button(lastAnswer(page), 'More').press('Enter')
  await page.getByRole('menuitem', { name: 'Copy as Markdown' }).press('Enter')
  await expect.poll(() => clipboard(page, 'text/plain')).toBe(text)
  await lastAnswer(page).hover()
  await button(lastAnswer(page), 'Copy').click()
  await expect.poll(() => clipboard(page, 'text/html')).toContain('<h2>Tides</h2>')
})

test('words of an answer are quoted behind the draft, by pointer and by key', async () => {
  const page = await open()
  await field(page).fill('I wonder.')
  const select = () => lastAnswer(page).locator('p').first().selectText()
  await select()
  await button(page, 'Quote in your message').click()
  await expect.poll(() => field(page).inputValue()).toBe('I wonder.\n\n> Low tide comes twice a day, and so it is.\n\n')
  await page.keyboard.type('Why?')
  expect(await field(page).inputValue()).toBe('I wonder.\n\n> Low tide comes twice a day, and so it is.\n\nWhy?')
  await lastAnswer(page).focus()
  await lastAnswer(page).locator('li').last().selectText()
  await button(page, 'Quote in your message').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.keyboard.press('q')
  await expect.poll(() => field(page).inputValue()).toContain('Why?\n\n> two\n\n')
})

/** A browser with a voice. It says nothing and ends a sentence when it is told to. */
const withVoice = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const said: SpeechSynthesisUtterance[] = []
    const log: string[] = []
    const voice = { lang: 'en-GB', name: 'Test' }
    class Utterance extends EventTarget {
      lang = ''
      text: string
      constructor(text: string) {
        super()
        this.text = text
      }
    }
    const speech = Object.assign(new EventTarget(), {
      getVoices: () => [voice],
      speak: (utterance: SpeechSynthesisUtterance) => void (said.push(utterance), log.push(`${utterance.lang}: ${utterance.text}`)),
      pause: () => void log.push('pause'),
      resume: () => void log.push('resume'),
      cancel: () => void log.push('cancel'),
    })
    Object.defineProperty(window, 'speechSynthesis', { value: speech })
    Object.assign(window, {
      SpeechSynthesisUtterance: Utterance,
      spoken: log,
      endSentence: () => said.at(-1)?.onend?.(new Event('end') as never),
    })
  })
const spoken = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as { spoken: string[] }).spoken)
const endSentence = (page: Page): Promise<void> => page.evaluate(() => (window as unknown as { endSentence: () => void }).endSentence())

test('an answer is read aloud where the browser has a voice: paused, gone on with, stopped, and silent when one leaves', async () => {
  const page = await open(390, withVoice)
  const start = async () => {
    await button(lastAnswer(page), 'More').click()
    await page.getByRole('menuitem', { name: 'Read aloud' }).click()
  }
  await start()
  const bar = page.getByRole('group', { name: 'Reading aloud' })
  await bar.waitFor()
  expect(await spoken(page)).toEqual(['en: Tides'])
  expect(await accessibilityProblems(page)).toEqual([])
  await endSentence(page)
  expect((await spoken(page)).at(-1)).toBe('en: Low tide comes twice a day, and so it is.')
  await button(bar, 'Pause').click()
  await bar.getByText('Paused').waitFor()
  await button(bar, 'Go on reading').click()
  expect((await spoken(page)).slice(-2)).toEqual(['pause', 'resume'])
  await button(bar, 'Stop reading').click()
  await bar.waitFor({ state: 'detached' })
  await start()
  await bar.waitFor()
  const before = (await spoken(page)).length
  await button(page, 'Open the sidebar').click()
  await page.getByRole('link', { name: 'New conversation' }).click()
  await expect.poll(async () => (await spoken(page)).slice(before)).toContain('cancel')
})

test('no voice, no button', async () => {
  const page = await open(1440, (blank) =>
    blank.addInitScript(() => Object.defineProperty(window, 'speechSynthesis', { value: undefined })),
  )
  await lastAnswer(page).hover()
  await button(lastAnswer(page), 'More').click()
  await page.getByRole('menuitem', { name: 'Copy as Markdown' }).waitFor()
  expect(await page.getByRole('menuitem', { name: 'Read aloud' }).count()).toBe(0)
})

test('what is dictated joins the draft; a failure is said in words and loses nothing', async () => {
  const page = await open(390, (blank) =>
    blank.addInitScript(() => {
      class Recognition {
        onresult: ((event: object) => void) | null = null
        onerror: ((event: object) => void) | null = null
        onend: (() => void) | null = null
        start() {
          Object.assign(window, { recognition: this })
        }
        stop() {
          this.onend?.()
        }
        abort() {}
      }
      Object.assign(window, { SpeechRecognition: Recognition, webkitSpeechRecognition: Recognition })
    }),
  )
  const hear = (transcript: string, isFinal: boolean) =>
    page.evaluate(
      ([words, isDone]) => {
        const { recognition } = window as unknown as { recognition: { onresult: (event: object) => void } }
        recognition.onresult({ resultIndex: 0, results: [Object.assign([{ transcript: words }], { isFinal: isDone })] })
      },
      [transcript, isFinal] as const,
    )
  await field(page).fill('When is')
  await button(page, /^Dictate/).click()
  await page.getByText('Listening').waitFor()
  await hear('low ti', false)
  await page.getByText('low ti', { exact: true }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await hear('low tide', true)
  await expect.poll(() => field(page).inputValue()).toBe('When is low tide')
  await page.evaluate(() => {
    const { recognition } = window as unknown as { recognition: { onerror: (event: object) => void; onend: () => void } }
    recognition.onerror({ error: 'not-allowed' })
    recognition.onend()
  })
  await page.locator('.toast-description', { hasText: 'Allow the microphone for this page in your browser, then try again.' }).waitFor()
  expect(await field(page).inputValue()).toBe('When is low tide')
  await button(page, /^Dictate/).waitFor()
})

test('a browser that cannot listen has no button for it', async () => {
  const page = await open(1440, (blank) =>
    blank.addInitScript(() => Object.assign(window, { SpeechRecognition: undefined, webkitSpeechRecognition: undefined })),
  )
  expect(await button(page, /^Dictate/).count()).toBe(0)
})
