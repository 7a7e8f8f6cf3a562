import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { contract } from '../../src/contract/index.ts'
import { socketMessages } from '../../src/contract/socket.ts'
import { settings } from '../../src/server/settings.ts'
import { readMigratedSchema } from './migrated-schema.ts'

/** `docs/design/seeds.tsv` says what carries each column of the five reference models. This holds it to the truth; `data-model.md` explains it. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(root + path, 'utf8')

const [header, ...rows] = read('docs/design/seeds.tsv')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t'))
const entries = rows.map(([seed = '', entity = '', name = '', carriedBy = '', proof = '', note = '']) => {
  return { seed, entity, name, carriedBy, proof, note }
})
type Entry = (typeof entries)[number]
const wrong = (isWrong: (entry: Entry) => boolean, all = entries) =>
  all.filter(isWrong).map((entry) => [entry.seed, entry.entity, entry.name, entry.carriedBy, entry.proof, entry.note].join(' | '))

const areas = new Set(
  (
    'accounts addons agents budgets channels conversations files guardrails highlights imports knowledge oauth operation page prompts runtimes ' +
    'search sharing summaries tools'
  ).split(' '),
)
const kinds = ['column', 'enum', 'relation', 'constraint', 'default', 'behaviour']

const schema = readMigratedSchema()
const contractValues: Record<string, unknown> = Object.assign(
  {},
  ...Object.values(import.meta.glob('../../src/contract/*.ts', { eager: true })),
)
const bindings = new Map(
  [...read('src/bindings/types.ts').matchAll(/export interface (\w+) \{\n([\s\S]*?)\n\}/g)].map(([, name, body]) => [name, body!]),
)
const code = [...schema.functions, ...globSync('src/server/**/*.ts', { cwd: root, exclude: ['**/*.test.ts', '**/tables.ts'] }).map(read)]

function bare(value: unknown): z.ZodType | undefined {
  if (value instanceof z.ZodNullable || value instanceof z.ZodOptional || value instanceof z.ZodDefault) return bare(value.unwrap())
  return value instanceof z.ZodType ? value : undefined
}

/** A schema of the contract by its exported name, or a field within. */
function contractField(path: string): z.ZodType | undefined {
  const [name = '', ...fields] = path.split('.')
  return fields.reduce<z.ZodType | undefined>(
    (value, field) => (value instanceof z.ZodObject ? bare(value.shape[field]) : undefined),
    bare(contractValues[name]),
  )
}

function valuesOf(carriedBy: string): string[] | null {
  const [form = '', path = ''] = carriedBy.split(':')
  if (form !== 'contract') {
    const [table = '', column = ''] = form.split('.')
    return schema.tables.get(table)?.get(column)?.values ?? null
  }
  const field = contractField(path)
  if (field instanceof z.ZodEnum) return field.options.map(String)
  return field instanceof z.ZodLiteral ? [...field.values].map(String) : null
}

function exists(carriedBy: string): boolean {
  const [form = '', name] = carriedBy.split(':')
  if (name === undefined) {
    const [table = '', column = ''] = form.split('.')
    return schema.tables.get(table)?.has(column) ?? false
  }
  const [first = '', second] = name.split('.')
  if (form === 'contract') return contractField(name) !== undefined
  if (form === 'operation')
    return name in socketMessages || (second !== undefined && second in (contract[first as keyof typeof contract] ?? {}))
  if (form === 'setting') return name in settings
  if (form === 'binding')
    return second === undefined ? bindings.has(first) : new RegExp(`\\b${second}\\??:`).test(bindings.get(first) ?? '')
  return form === 'later' && areas.has(name.trim())
}

const isLater = (entry: Entry) => entry.carriedBy.startsWith('later: ')
const isColumn = (entry: Entry) => !entry.carriedBy.includes(':')
/** What an enum's or default's row says its value is here: `enum = xai`. */
const claimed = (entry: Entry) => /^(?:enum|default) = ([^;]+)/.exec(entry.note)?.[1]?.split(', ') ?? []

describe('the rows', () => {
  test('are those of the five reference models, each once', () => {
    expect(header).toEqual(['seed', 'entity', 'name', 'carried by', 'proof', 'note'])
    const keys = entries.map(({ seed, entity, name }) => `${seed}\t${entity}\t${name}`)
    expect(keys).toHaveLength(778)
    expect(new Set(keys).size).toBe(778)
    // The reference models do not change, so neither do the keys.
    expect(createHash('sha256').update(keys.join('\n')).digest('hex').slice(0, 16)).toBe('9203c19f3f20f675')
  })

  test('have six columns and begin their note with their kind', () => {
    expect(rows.filter((row) => row.length !== 6)).toEqual([])
    expect(
      wrong(
        (entry) => !kinds.some((kind) => entry.note === kind || entry.note.startsWith(`${kind};`) || entry.note.startsWith(`${kind} =`)),
      ),
    ).toEqual([])
  })
})

describe('what is carried', () => {
  test('is carried by something that exists, or is left to a known area', () => {
    expect(wrong((entry) => !exists(entry.carriedBy))).toEqual([])
  })

  test('by a column is in use: code of the server or a function of the database names it together with its table', () => {
    const isUsed = (carriedBy: string) => {
      const [table = '', column = ''] = carriedBy.split('.')
      return code.some((text) => new RegExp(`\\b${table}\\b`).test(text) && new RegExp(`\\b${column}\\b`).test(text))
    }
    expect(wrong((entry) => isColumn(entry) && !isUsed(entry.carriedBy))).toEqual([])
  })

  test('as a value is a value there', () => {
    const enums = entries.filter((entry) => !isLater(entry) && entry.note.startsWith('enum'))
    expect(enums).not.toEqual([])
    expect(
      wrong((entry) => claimed(entry).length === 0 || !claimed(entry).every((value) => valuesOf(entry.carriedBy)?.includes(value)), enums),
    ).toEqual([])
  })

  test('as a default is the default there', () => {
    const isDefault = (entry: Entry) => {
      const [table = '', column = ''] = entry.carriedBy.split('.')
      return claimed(entry)[0] === schema.tables.get(table)?.get(column)?.default
    }
    expect(wrong((entry) => entry.note.startsWith('default =') && !isDefault(entry))).toEqual([])
  })

  test('has a proof that is a test, and only what is carried has one', () => {
    const isTest = (path: string) => /^(src|test)\/.*\.test\.tsx?$/.test(path) && existsSync(root + path)
    expect(wrong((entry) => (isLater(entry) ? entry.proof !== '' : !isTest(entry.proof)))).toEqual([])
  })
})

describe('the reader of migrations', () => {
  test('sees columns, their values and their defaults', () => {
    expect(schema.tables.get('user_settings')?.get('theme')).toEqual({ values: ['light', 'dark', 'system'], default: 'system' })
    expect(schema.tables.get('workspace_settings')?.get('top_p')).toEqual({ values: null, default: null })
    expect(schema.tables.get('workspace_settings')?.has('check')).toBe(false)
    expect(schema.tables.get('usage')?.has('cost_nano_usd')).toBe(true)
    expect(schema.functions.some((body) => body.includes('reserved_nano_usd'))).toBe(true)
  })
})
