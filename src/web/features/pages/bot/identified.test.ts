import { expect, test } from 'vitest'
import type { QuickAction } from '../../../../contract/bots.ts'
import { identified } from './identified.ts'

const links: QuickAction = { kind: 'tool', label: 'Links', tool: 'links' }
const asks: QuickAction = { kind: 'question', label: 'Say "hi"', text: 'Hi\n\\ 👋' }

test('a button keeps its name wherever it stands, and two alike have two', () => {
  const idsOf = (actions: QuickAction[]) => identified(actions).map(({ id }) => id)
  const [first, second] = idsOf([links, asks])
  expect(idsOf([asks, links])).toEqual([second, first])
  expect(new Set(idsOf([links, links, asks])).size).toBe(3)
  expect(second).not.toMatch(/["\\]/)
})
