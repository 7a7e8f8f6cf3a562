import { expect, test } from 'vitest'
import { joinPanels, readPanels } from './panels.ts'

const panel = (content: string, values: Record<string, string> = {}) => ({ key: content, name: 'A prompt', content, values })

test('prompts are sent before what is written', () => {
  expect(joinPanels([], ' as it is ', 'Ada')).toBe(' as it is ')
  const panels = [panel('Explain {{it}} to {{user}}.\n', { it: 'rain' }), panel('Be {{tone = calm}}.')]
  expect(joinPanels(panels, ' Now. ', 'Ada')).toBe('Explain rain to Ada.\n\nBe calm.\n\nNow.')
  expect(joinPanels(panels, ' ', 'Ada')).toBe('Explain rain to Ada.\n\nBe calm.')
})

test('what is kept is read back, and nothing that is not one', () => {
  const panels = [panel('Explain {{it}}', { it: 'rain' })]
  expect(readPanels(JSON.stringify(panels))).toEqual(panels)
  for (const stored of ['', '{', '{}', 'null', '[1]', '[{"key":"a"}]', '[{"key":"a","name":"b","content":"c","values":{"d":1}}]'])
    expect(readPanels(stored), stored).toEqual([])
})
