import { expect, test } from 'vitest'
import type { Model } from '../../../contract/models.ts'
import { filterModels, sortModels } from './model-rows.ts'

const model = (name: string, maxContext: number | null) =>
  ({
    name,
    internalName: name.toLowerCase().replace(' ', '-'),
    provider: 'openai',
    connectionName: 'Mine',
    maxContext,
    price: { inputPer1k: null },
  }) as unknown as Model
const all = [model('Large One', 1_000_000), model('Odd', null), model('Small', 8000)]
const names = (models: Model[]) => models.map((one) => one.name)

test('unknown limits stand last in both directions', () => {
  expect(names(sortModels(all, { by: 'context', descending: false }))).toEqual(['Small', 'Large One', 'Odd'])
  expect(names(sortModels(all, { by: 'context', descending: true }))).toEqual(['Large One', 'Small', 'Odd'])
})

test('words are found in any order, in any of the names', () => {
  expect(names(filterModels(all, 'openai LARGE'))).toEqual(['Large One'])
  expect(names(filterModels(all, ''))).toHaveLength(3)
})
