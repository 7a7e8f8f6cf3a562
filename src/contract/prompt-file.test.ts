import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { PromptFile } from './prompt-file.ts'

test('the schema in the documentation is that of the contract', () => {
  const published: unknown = JSON.parse(readFileSync(new URL('../../docs/design/prompt-file.schema.json', import.meta.url), 'utf8'))
  expect(published).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(PromptFile, { io: 'input' }))))
})
