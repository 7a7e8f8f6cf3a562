import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Element, jsonElements, looksLikeJson, textOfElement } from './json-elements.ts'

async function elementsOf(text: string | Buffer, chunkBytes: number, maxBytes = 1e6): Promise<Element[]> {
  const bytes = Buffer.from(text)
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  )
  return Array.fromAsync(jsonElements(Readable.from(chunks), maxBytes))
}

const valuesOf = (elements: Element[]) =>
  elements.map((one) => (one.kind === 'value' ? (JSON.parse(textOfElement(one.bytes)!) as unknown) : one.kind))

test('elements are the same wherever the text is cut', async () => {
  const element = fc.oneof(
    fc.object({ maxDepth: 3, values: [fc.string({ unit: 'binary' }), fc.integer(), fc.constant('"}]\\[{')] }),
    fc.array(fc.string()),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(element), fc.integer({ min: 1, max: 40 }), fc.boolean(), async (values, chunkBytes, isSpaced) => {
      const text = `\ufeff ${JSON.stringify(values, null, isSpaced ? 2 : 0)}\n`
      expect(valuesOf(await elementsOf(text, chunkBytes))).toEqual(JSON.parse(JSON.stringify(values)))
    }),
    { numRuns: 60 },
  )
})

test('one value, and values in a row, are elements too', async () => {
  expect(valuesOf(await elementsOf('{"a":[1]}', 3))).toEqual([{ a: [1] }])
  expect(valuesOf(await elementsOf('{"a":1}\n{"b":2}', 3))).toEqual([{ a: 1 }, { b: 2 }])
})

test('what is too large is passed over, and what breaks off is said', async () => {
  expect(valuesOf(await elementsOf(`[{"a":"${'x'.repeat(100)}"},{"b":1}]`, 16, 50))).toEqual(['too_large', { b: 1 }])
  expect(valuesOf(await elementsOf('[{"a":1},{"b":', 4))).toEqual([{ a: 1 }, 'truncated'])
  expect(valuesOf(await elementsOf('[{"a":1},', 4))).toEqual([{ a: 1 }, 'truncated'])
  expect(valuesOf(await elementsOf('[{"a":"', 4))).toEqual(['truncated'])
})

test('text that is not UTF-8 is not guessed at', () => {
  expect(textOfElement(Buffer.from('{"a":"é"}', 'latin1'))).toBeUndefined()
  expect(looksLikeJson(Buffer.from('\ufeff\n [', 'utf8'))).toBe(true)
  expect(looksLikeJson(Buffer.from('[', 'utf16le').subarray(1))).toBe(false)
})
