import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { termsOf, toQueries } from './query.ts'
import { snippetOf } from './snippet.ts'
import { monthMarks } from './scope.ts'
import { tokensOf, vectorOf } from './words.ts'

describe('words', () => {
  test('are without case, in Latin and Greek without accents, and pairs where nothing divides them', () => {
    expect(vectorOf('Café, ÜBER-Größe Ένα')).toBe(`'cafe':1 'uber':2 'große':3 'ενα':4`)
    expect(vectorOf('東京都')).toBe(`'東京':1 '京都':2 '都':3`)
    expect(vectorOf('й Й')).toBe(`'й':1,2`)
    expect(vectorOf('ＡＢＣ１')).toBe(`'abc1':1`)
  })

  test('of a letter that stands for a phrase are one', () => {
    expect(tokensOf('ﷺ').map(({ word }) => word)).toEqual(['صلىاللهعليهوسلم'])
  })

  test('of any text hold nothing that would end a quotation, and stand where they say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const { word, from, to } of tokensOf(text)) {
          expect(word).not.toMatch(/['\\\s\0]/)
          expect(text.slice(from, to)).not.toBe('')
        }
      }),
    )
  })
})

test('a query is words, phrases and a beginning; marks narrow it in the index only', () => {
  const stems = new Map([['running', ['run']]])
  expect(toQueries(termsOf('running "Blue fox" fa'), stems, [['@me'], [], ['%202601', '%202602']])).toEqual({
    everywhere: `('@me') & ('%202601' | '%202602') & ('running' | 'run') & ('blue' <-> 'fox') & ('fa')`,
    lately: `('running' | 'run') & ('blue' <-> 'fox') & ('fa':*)`,
  })
  expect(toQueries(termsOf('faste'), stems, []).everywhere).toBe(`('faste':*)`)
})

test('a stretch of time is its months; a long one is left to the date', () => {
  expect(monthMarks(new Date('2025-12-31T10:00:00Z'), new Date('2026-02-01T00:00:00Z'))).toEqual(['%202512', '%202601'])
  expect(monthMarks(new Date('2000-01-01'), null)).toEqual([])
})

test('a snippet shows the stretch that says most of what was looked for', () => {
  const text = `fox ${'and so on '.repeat(60)}a quick fox runs ${'further on '.repeat(60)}`
  const snippet = snippetOf(text, termsOf('quick fox '), new Map())
  expect(snippet.filter(({ isHit }) => isHit).map((part) => part.text)).toEqual(['quick', 'fox'])
  expect(snippet[0]).toEqual({ text: '… ', isHit: false })
  expect(snippet.map((part) => part.text).join('').length).toBeLessThan(240)
})
