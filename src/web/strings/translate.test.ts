import { expect, test } from 'vitest'
import { translator } from './translate.ts'

const t = translator({
  plain: 'Save',
  greeting: 'Hello {name}, from {place}',
  models: { one: '{count} model found', other: '{count} models found' },
})

test('fills in values and leaves the rest alone', () => {
  expect(t('plain')).toBe('Save')
  expect(t('greeting', { name: '$& {place}', place: 'Lisbon' })).toBe('Hello $& {place}, from Lisbon')
})

test('chooses the form of a number and writes it as people do', () => {
  expect(t('models', { count: 1 })).toBe('1 model found')
  expect(t('models', { count: 0 })).toBe('0 models found')
  expect(t('models', { count: 1204 })).toBe('1,204 models found')
})
