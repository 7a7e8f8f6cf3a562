import { expect, test } from 'vitest'
import { isDrawable } from './is-drawable.ts'

const of = (components: Record<string, object>) =>
  isDrawable(new Map(Object.entries(components).map(([id, properties]) => [id, { properties: properties as Record<string, unknown> }])))

test('a surface is drawn from its root down, and what it names and does not have is left out', () => {
  expect(of({ root: { child: 'column' }, column: { children: ['a', 'a', 'gone'] }, a: {} })).toBe(true)
  expect(of({ column: { children: [] } })).toBe(false)
})

test('a surface that contains itself is not drawn', () => {
  expect(of({ root: { child: 'root' } })).toBe(false)
  expect(of({ root: { children: ['a'] }, a: { child: 'b' }, b: { children: { componentId: 'a', path: '/rows' } } })).toBe(false)
})
