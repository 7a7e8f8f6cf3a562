import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { readConfig } from '../src/server/config.ts'
import { settings } from '../src/server/settings.ts'
import { envExample, readmeWithSettings } from './settings-docs.ts'

const file = (name: string) => readFileSync(join(import.meta.dirname, '..', name), 'utf8')

test('.env.example and the README list the settings as they are (else: node scripts/settings-docs.ts)', () => {
  expect(file('.env.example')).toBe(envExample())
  const readme = file('README.md')
  expect(readmeWithSettings(readme)).toBe(readme)
})

test('.env.example names every setting with its real default', () => {
  const example = parseEnv(file('.env.example').replaceAll(/^# (?=[A-Z_]+=)/gm, ''))
  expect(Object.keys(example).toSorted()).toEqual(Object.keys(settings).toSorted())
  expect(readConfig(example)).toEqual(readConfig({}))
})
