import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { helpTopics } from './help-topics.ts'
import { createOfflineModel } from './offline-model.ts'

const server = join(import.meta.dirname, '../../..')
const model = createOfflineModel({ now: () => new Date(0), wordDelayMs: 0 })

test('every screen that help sends somebody to exists', async () => {
  const strings = await readFile(join(server, '../web/strings/en.ts'), 'utf8')
  const screens = helpTopics.flatMap(({ text }) => [...text.matchAll(/\*\*Settings → ([^*]+)\*\*/g)].map((match) => match[1]!))
  expect(screens.length).toBeGreaterThan(8)
  for (const screen of screens) expect(strings).toMatch(new RegExp(`'settings\\.[\\w.-]+': '${screen}'`))
})

test('every variable that help names exists', async () => {
  const settings = await readFile(join(server, 'settings.ts'), 'utf8')
  const names = helpTopics.flatMap(({ text }) => [...text.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map((match) => match[1]!))
  expect(names.length).toBeGreaterThan(15)
  for (const name of names) expect(settings).toMatch(new RegExp(`^\\s+${name}:`, 'm'))
})

test.each(helpTopics.map(({ title, text }) => [title, text]))('“%s” is found by its title', async (title, text) => {
  const question = `How does this work: ${title}?`
  const { content } = await model.doGenerate({ prompt: [{ role: 'user', content: [{ type: 'text', text: question }] }] })
  expect(content[0]?.type === 'text' && content[0].text).toContain(text.slice(0, 60))
})
