import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast, readable } from './colour.ts'
import { presets } from './presets.ts'

test('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(contrast('#123456', '#123456')).toBe(1)
})

test.each(Object.entries(presets))('%s can be read, light and dark', (_, preset) => {
  for (const { surface, tile, text, muted, accent } of [preset.light, preset.dark]) {
    for (const background of [surface, tile]) {
      expect(contrast(text, background)).toBeGreaterThan(7)
      expect(contrast(muted, background)).toBeGreaterThan(4.5)
      expect(contrast(accent, background)).toBeGreaterThan(4.5)
    }
  }
})

test('whatever accent somebody chooses, it can be read on every preset, and keeps its hue where it can', () => {
  const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)
  fc.assert(
    fc.property(colour, fc.constantFrom(...Object.values(presets)), fc.boolean(), (accent, preset, isDark) => {
      const { surface, tile } = isDark ? preset.dark : preset.light
      const shown = readable(accent, [surface, tile], isDark)
      expect(shown).toMatch(/^#[0-9a-f]{6}$/)
      expect(contrast(shown, surface)).toBeGreaterThanOrEqual(4.5)
      expect(contrast(shown, tile)).toBeGreaterThanOrEqual(4.5)
      // What is drawn on the accent: white or nearly black.
      expect(Math.max(contrast(shown, '#ffffff'), contrast(shown, '#111111'))).toBeGreaterThan(4.2)
    }),
    { numRuns: 500 },
  )
  expect(readable('#0f6175', ['#ffffff'], false)).toBe('#0f6175')
  const yellow = readable('#ffd400', ['#ffffff'], false)
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(yellow.slice(at, at + 2), 16)) as [number, number, number]
  expect(red).toBeGreaterThan(blue)
  expect(green).toBeGreaterThan(blue)
})
