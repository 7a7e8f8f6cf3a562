import { expect, test } from 'vitest'
import type { Passage } from './guards.ts'
import { HeldText } from './held-text.ts'

const findSecrets =
  (expression = /secret-\d+/g) =>
  async (text: string): Promise<Passage[]> =>
    Array.from(text.matchAll(expression), ({ index, 0: found }) => ({
      start: index,
      end: index + found.length,
      label: 'hidden',
      guardrailId: '',
      forbidden: null,
    }))

async function shownOf(text: string, cuts: readonly number[], window = 12, expression?: RegExp): Promise<string[]> {
  const held = new HeldText(window, findSecrets(expression))
  const shown: string[] = []
  let from = 0
  for (const cut of [...cuts, text.length]) {
    shown.push(await held.push(text.slice(from, cut)))
    from = cut
  }
  shown.push(await held.end())
  return shown
}

test('however a text is cut, nothing of a passage is shown, and everything else is, once', async () => {
  const text = 'a secret-123 b secret-4567 secret-1secret-2 and an end that is longer than the window secret-99'
  for (let size = 1; size <= text.length; size++) {
    const cuts = Array.from({ length: Math.ceil(text.length / size) - 1 }, (_, index) => (index + 1) * size)
    const shown = await shownOf(text, cuts)
    expect(shown.join('')).toBe('a [hidden] b [hidden] [hidden][hidden] and an end that is longer than the window [hidden]')
    expect(shown.some((piece) => /secret|\d/.test(piece))).toBe(false)
  }
})

test('what cannot be the beginning of a passage any more is shown while the text still comes', async () => {
  const shown = await shownOf('x'.repeat(40), [20, 30])
  expect(shown.map(({ length }) => length)).toEqual([8, 10, 10, 12])
})

test('a passage that is longer than the window is not shown beyond it, and the text ends at one that is forbidden', async () => {
  const shown = await shownOf(`before ${'9'.repeat(100)} after`, [10, 20, 40, 60, 80], 12, /\d{5,}/g)
  expect(shown.join('')).toBe('before [hidden] after')

  const forbidding = new HeldText(12, async (text) =>
    (await findSecrets()(text)).map((one) => ({ ...one, forbidden: { code: 'guardrail.output_blocked' as const } })),
  )
  const pieces = [
    await forbidding.push('so far '),
    await forbidding.push('secret-1 and more'),
    await forbidding.push(' and more'),
    await forbidding.end(),
  ]
  expect(pieces.join('')).toBe('so far ')
  expect(forbidding.forbidden).toMatchObject({ label: 'hidden' })
})

test('what was shown by another process is part of what is looked at', async () => {
  const held = new HeldText(12, findSecrets(/(?<=code )\d+/g), 'the code ')
  expect((await held.push('42 is it')) + (await held.end())).toBe('[hidden] is it')
})
