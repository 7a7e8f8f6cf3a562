import { readdir, readFile } from 'node:fs/promises'
import { Catalog, MessageProcessor } from '@a2ui/web_core/v0_9'
import { BASIC_COMPONENTS, BASIC_FUNCTIONS } from '@a2ui/web_core/v0_9/basic_catalog'
import { describe, expect, test } from 'vitest'
import type { A2uiMessage } from '../../../contract/messages.ts'
import { actionOf, basicCatalogue, type Component, surfaceMessages, surfaceProblems } from './index.ts'

const text = (id: string, words: unknown = id): Component => ({ id, component: 'Text', text: words as string })
const column = (id: string, ...children: string[]): Component => ({ id, component: 'Column', children })
const data = (value: unknown, path = '/'): A2uiMessage => ({
  version: 'v0.9',
  updateDataModel: { surfaceId: 's', path, value: value as string },
})
const surface = (...components: Component[]) => surfaceMessages('s', components)

test('a surface that can be drawn has no problems, and the reference core draws it', async () => {
  const button = { id: 'b', component: 'Button', child: 'label', action: { event: { name: 'go', context: { id: '1' } } } }
  const messages = surface(column('root', 'title', 'b'), text('title'), button, text('label'))

  expect(await surfaceProblems(messages)).toEqual([])

  const processor = new MessageProcessor([new Catalog(basicCatalogue, BASIC_COMPONENTS, BASIC_FUNCTIONS)], () => undefined)
  expect(() => processor.processMessages(messages as never)).not.toThrow()
})

test.each<[what: string, problem: RegExp, messages: A2uiMessage[]]>([
  ['an unknown component', /message 1/, surface({ id: 'root', component: 'Marquee' })],
  ['a property that the component has not', /message 1/, surface({ ...text('root'), onclick: 'x' })],
  ['another version', /message 0/, [{ ...surface(text('root'))[0]!, version: 'v1.0' }]],
  ['two kinds in one message', /message 0/, [{ ...surface(text('root'))[0], ...surface(text('root'))[1] } as A2uiMessage]],
  ['no components', /message 1/, surface()],
  ['no root', /no root/, surface(text('title'))],
  ['an id twice', /two components are named a/, surface(column('root', 'a'), text('a'), text('a'))],
  ['a reference to nothing', /root names b/, surface(column('root', 'a', 'b'), text('a'))],
  ['a circle', /contains itself/, surface(column('root', 'a'), column('a', 'root'))],
  ['a component that contains itself', /root contains itself/, surface({ id: 'root', component: 'Card', child: 'root' })],
  [
    'a component that is shown a million times',
    /more than 5000 components/,
    surface(
      ...Array.from({ length: 20 }, (_, level) => column(level === 0 ? 'root' : `c${level}`, `c${level + 1}`, `c${level + 1}`)),
      text('c20'),
    ),
  ],
  ['an orphan', /nothing shows b/, surface(column('root', 'a'), text('a'), text('b'))],
  ['a second surface', /a second surface/, [...surface(text('root')), surface(text('root'))[0]!]],
  ['a surface nobody created', /not created/, [surface(text('root'))[1]!]],
  ['a surface that is taken away', /to be kept/, [...surface(text('root')), { version: 'v0.9', deleteSurface: { surfaceId: 's' } }]],
  ['a binding to nothing', /\/name leads nowhere/, surface(text('root', { path: '/name' }))],
  ['a binding that is no path', /leads nowhere/, [...surface(text('root', { path: '/a~2' })), data({ 'a~2': 1 })]],
  ['a relative binding outside of a template', /name leads nowhere/, [...surface(text('root', { path: 'name' })), data({ name: 'x' })]],
  [
    'a template over no list',
    /no list at \/items/,
    surface({ id: 'root', component: 'List', children: { componentId: 'a', path: '/items' } }, text('a')),
  ],
])('%s is a problem', async (_, problem, messages) => {
  expect((await surfaceProblems(messages)).join('\n')).toMatch(problem)
})

test('bindings of a template are looked for in each of its items', async () => {
  const list: Component = { id: 'root', component: 'List', children: { componentId: 'a', path: '/items' } }
  const messages = surface(list, text('a', { path: 'name' }))
  expect(await surfaceProblems([...messages, data([{ name: 'x' }, { name: 'y' }], '/items')])).toEqual([])
  expect(await surfaceProblems([...messages, data([{ name: 'x' }, {}], '/items')])).toEqual(['a: name leads nowhere'])
})

describe('the official examples', async () => {
  const folder = new URL('./schemas/catalogs/basic/examples/', import.meta.resolve('@a2ui/web_core/v0_9'))
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))

  test('are there', () => expect(names.length).toBeGreaterThan(5))

  test.each(names)('%s has no problem that the schemas know', async (name) => {
    const { messages } = JSON.parse(await readFile(new URL(name, folder), 'utf8')) as { messages: A2uiMessage[] }
    // Some bind inputs to what is typed later, and one leaves behind what it has replaced: ours do neither.
    const problems = (await surfaceProblems(messages)).filter((problem) => !/leads nowhere|no list at|nothing shows/.test(problem))
    expect(problems).toEqual([])
  })
})

test('an action is what the component declares, not what a client says', () => {
  const messages = surface(
    { id: 'root', component: 'Button', child: 'l', action: { event: { name: 'go', context: { id: '1' } } } },
    text('l'),
  )
  expect(actionOf(messages, 'root')).toEqual({ name: 'go', context: { id: '1' } })
  expect(actionOf(messages, 'l')).toBeUndefined()
  expect(actionOf(messages, 'x')).toBeUndefined()
})
