import { describe, expect, test } from 'vitest'
import { fillPrompt, problemsOf, readPrompt, variablesOf, variableTypes, withVariableType } from './prompt-text.ts'

const builtIn = {
  date: '2026-03-01',
  time: '09:30',
  weekday: 'Sunday',
  user: 'Ada',
  locale: 'en',
  timezone: 'Europe/Zurich',
  memory: 'Likes tea.',
}
const fill = (text: string, values: Record<string, string> = {}) => fillPrompt(text, values, builtIn)
const text = (name: string, rest: object = {}) => ({ name, type: 'text', description: null, default: null, options: [], ...rest })

describe('variables are derived from the text', () => {
  test('in the order in which they first stand there, each once', () => {
    expect(variablesOf('{{b}} {{a}} {{ b }} {{c-1}}')).toEqual([text('b'), text('a'), text('c-1')])
    expect(variablesOf('In {{größe}} and {{名前}}').map(({ name }) => name)).toEqual(['größe', '名前'])
  })

  test('with a default, a description, or options of which the first is the default', () => {
    expect(variablesOf('{{tone = calm}} {{note=}} {{topic: what it is about}} {{to: whom = me}}')).toEqual([
      text('tone', { default: 'calm' }),
      text('note', { default: '' }),
      text('topic', { description: 'what it is about' }),
      text('to', { description: 'whom', default: 'me' }),
    ])
    expect(variablesOf('{{tone = calm | brisk|calm}}')).toEqual([
      { name: 'tone', type: 'choice', description: null, default: 'calm', options: ['calm', 'brisk'] },
    ])
    expect(variablesOf('{{url = https://example.org/?a=b}}')[0]).toMatchObject({ default: 'https://example.org/?a=b' })
  })

  test('of a type, with a default that is one of it', () => {
    expect(
      variablesOf('{{n (number): how many = 5}} {{m(number)=many}} {{on (date) = 2026-03-01}} {{ok (yes/no)}} {{sure (yes/no) = yes}}'),
    ).toEqual([
      text('n', { type: 'number', description: 'how many', default: '5' }),
      text('m', { type: 'number' }),
      text('on', { type: 'date', default: '2026-03-01' }),
      text('ok', { type: 'yes-no', default: 'no', options: ['yes', 'no'] }),
      text('sure', { type: 'yes-no', default: 'yes', options: ['yes', 'no'] }),
    ])
    expect(variablesOf('{{body (long text): of the letter}} {{a (text) = x | y}} {{b (choice) = x | y}} {{c (choice) = x}}')).toEqual([
      text('body', { type: 'long', description: 'of the letter' }),
      text('a', { default: 'x | y' }),
      text('b', { type: 'choice', default: 'x', options: ['x', 'y'] }),
      text('c', { default: 'x' }),
    ])
    expect(variablesOf('{{n}} {{n = 5}} {{n (number)}}')).toEqual([text('n', { type: 'number', default: '5' })])
    expect(variablesOf('{{n (integer)}} {{n (number}} {{n number}}')).toEqual([])
  })

  test('whose type is changed in the text', () => {
    expect(withVariableType('{{n: how many = 5}} and {{n}}', 'n', 'number')).toBe('{{n (number): how many = 5}} and {{n}}')
    expect(withVariableType('{{n: how many = five}}', 'n', 'number')).toBe('{{n (number): how many}}')
    expect(withVariableType('{{tone = calm | brisk}}', 'tone', 'long')).toBe('{{tone (long text) = calm}}')
    expect(withVariableType('{{tone = }}', 'tone', 'date')).toBe('{{tone (date) =}}')
    expect(withVariableType('{{a}} {{a (number): what}}', 'a', 'text')).toBe('{{a: what}} {{a: what}}')
    expect(withVariableType(String.raw`\{{a}} {{b}}`, 'a', 'number')).toBe(String.raw`\{{a}} {{b}}`)
    for (const from of ['{{a}}', '{{a = x}}', '{{a: b = x | y}}', '{{a (date) =}} {{a}}'])
      for (const type of variableTypes) expect(variablesOf(withVariableType(from, 'a', type))[0], `${from} ${type}`).toMatchObject({ type })
  })

  test('what was said first counts, wherever it stands', () => {
    expect(variablesOf('{{a}} {{a = 1}} {{a = 2}} {{a: what}}')).toEqual([text('a', { default: '1', description: 'what' })])
  })

  test('what is filled in by itself is not asked for', () => {
    expect(variablesOf('{{date}} {{time}} {{user = me}} {{locale}} {{dates}}')).toEqual([text('dates')])
  })

  test('what is no variable stays as it stands', () => {
    for (const plain of ['{{}}', '{{ }}', '{{1st}}', '{{#if a}}', '{{a b}}', '{a}', '{{a', '{{a\n}}', '}}', String.raw`\{a}`, '{{a;b}}']) {
      expect(readPrompt(plain), plain).toEqual({ pieces: [{ kind: 'text', text: plain }], variables: [] })
    }
    expect(readPrompt('{{{a}}}').pieces).toEqual([
      { kind: 'text', text: '{' },
      { kind: 'variable', name: 'a' },
      { kind: 'text', text: '}' },
    ])
  })
})

describe('a prompt is filled', () => {
  test('with what was given, else with what it says itself', () => {
    expect(fill('{{greeting = Hello}} {{name}}, {{note=}}!', { name: 'Bo' })).toBe('Hello Bo, !')
    expect(fill('{{greeting = Hello}} {{name}}', { greeting: '', name: 'Bo' })).toBe(' Bo')
    expect(fill('On {{date}} at {{time}}, {{user}} ({{locale}})', { date: 'never' })).toBe('On 2026-03-01 at 09:30, Ada (en)')
  })

  test('and nothing in it is evaluated', () => {
    expect(fill('{{a}} {{b}}', { a: '{{b}} $& $1 {{date}}', b: String.raw`\{{c}}` })).toBe(String.raw`{{b}} $& $1 {{date}} \{{c}}`)
    expect(fill('{{constructor}}{{__proto__}}{{toString = x}}')).toBe('x')
  })

  test('escaped braces are braces', () => {
    expect(fill(String.raw`Write \{{name}} for {{name}}`, { name: 'Bo' })).toBe('Write {{name}} for Bo')
    expect(variablesOf(String.raw`\{{name}}`)).toEqual([])
  })

  test('whoever fills it in is told what is missing', () => {
    const variables = variablesOf('{{a}} {{b = 1}} {{c}} {{d = x | y}} {{n (number)}} {{m (number) =}} {{on (date)}} {{ok (yes/no)}}')
    expect([...problemsOf(variables, { a: ' ', c: 'x', n: '1' })]).toEqual([
      ['a', 'missing'],
      ['on', 'missing'],
    ])
    const wrong = { a: 'x', c: 'x', d: 'z', n: 'one', m: '1e5', on: '2026-02-30', ok: 'perhaps' }
    expect(Object.fromEntries(problemsOf(variables, wrong))).toEqual({
      d: 'choice',
      n: 'number',
      m: 'number',
      on: 'date',
      ok: 'choice',
    })
    expect(problemsOf(variables, { ...wrong, d: 'y', n: '-1,5', m: '2.25', on: '2024-02-29', ok: 'yes' }).size).toBe(0)
  })
})

test('a long text without an end is read quickly', () => {
  const startedAt = performance.now()
  for (const hostile of [
    '{{a:'.repeat(25_000),
    '{{a ('.repeat(20_000),
    `{{a ${' '.repeat(99_000)}`,
    '{{a='.repeat(25_000),
    '{{'.repeat(50_000),
    `{{a:${' '.repeat(99_000)}`,
  ])
    variablesOf(hostile)
  expect(performance.now() - startedAt).toBeLessThan(2_000)
})
