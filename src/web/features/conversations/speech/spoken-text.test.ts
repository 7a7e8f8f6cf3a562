import { describe, expect, test } from 'vitest'
import { languageOf } from './language-of.ts'
import { spokenPieces } from './spoken-text.ts'

test('words are read sentence by sentence, without marks, code and addresses', () => {
  expect(
    spokenPieces('# Tides\n\nIt is **low**. See https://tides.example/a/b.\n\n- one\n- two\n\n```js\na()\n```\n\n---', 'Code.'),
  ).toEqual(['Tides', 'It is low.', 'See tides.example', 'one', 'two', 'Code.'])
  const pieces = spokenPieces('word '.repeat(200), 'Code.')
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(220)
  expect(pieces.join(' ').split(' ')).toHaveLength(200)
})

describe('the language to choose a voice by', () => {
  test.each([
    ['The tide is low and the harbour is empty.', 'en'],
    ['Die Flut ist nicht hoch und der Hafen ist leer.', 'de'],
    ['La marée est basse et les bateaux sont dans le port.', 'fr'],
    ['港は空です。', 'ja'],
    ['港口是空的。', 'zh'],
    ['Порт порожній, і вода низька.', 'uk'],
    ['Порт пуст, вода низкая.', 'ru'],
    ['42', undefined],
  ])('%s', (text, language) => expect(languageOf(text)).toBe(language))
})
