import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'

const shared = useTestApp()

const send = async (person: Person, fileName: string, text: string) =>
  (await person.get('prompts.import', { workspaceId: person.workspaceId, fileName, text })).prompts
const outcomes = async (person: Person, fileName: string, text: string) =>
  (await send(person, fileName, text)).map(({ name, outcome, reason }) => [name, outcome, ...(reason ? [reason] : [])])
const library = async (person: Person) => {
  const { prompts } = await person.get('prompts.export', { workspaceId: person.workspaceId })
  return prompts.map(({ name, content }) => [name, content])
}
const file = (...prompts: object[]) => JSON.stringify({ format: 'parley.prompts/1', exportedAt: new Date().toISOString(), prompts })

test('what is exported is imported elsewhere, once however often', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  const add = (name: string, content: string) => ada.get('prompts.create', { workspaceId: ada.workspaceId, name, content })
  await add('One', 'Say {{what (long text)}} in {{n (number) = 5}} words.')
  await add('Two', 'two')
  await ada.get('prompts.delete', { id: (await add('Gone', 'gone')).id })
  const { prompts } = await ada.get('prompts.export', { workspaceId: ada.workspaceId })
  expect(prompts.map(({ name }) => name)).toEqual(['One', 'Two'])
  expect(prompts[0]!.variables).toMatchObject([
    { name: 'what', type: 'long' },
    { name: 'n', type: 'number', default: '5' },
  ])

  const text = file(...prompts)
  expect(await outcomes(bea, 'prompts.json', text)).toEqual([
    ['One', 'added'],
    ['Two', 'added'],
  ])
  expect(await outcomes(bea, 'prompts.json', text)).toEqual([
    ['One', 'known'],
    ['Two', 'known'],
  ])
  expect(await library(bea)).toEqual(prompts.map(({ name, content }) => [name, content]))
  expect(
    await outcomes(bea, 'prompts.json', file({ name: 'Two', content: 'two, changed' }, { name: 'Two', content: 'two, changed' })),
  ).toEqual([
    ['Two', 'added'],
    ['Two', 'known'],
  ])
  expect(await bea.call('prompts.export', { workspaceId: ada.workspaceId })).toFailWith('workspace.not_found')
})

test('two imports of one file at once add it once', async () => {
  const [ada] = await shared.current.people('ada')
  await Promise.all([1, 2, 3].map(() => send(ada, 'prompts.json', file({ name: 'One', content: 'one' }))))
  expect(await library(ada)).toEqual([['One', 'one']])
})

test('Markdown is named by its front matter, its heading or its file', async () => {
  const [ada] = await shared.current.people('ada')
  expect(await outcomes(ada, 'a.md', '---\nname: "Letter: to whom"\ntags: [x]\n---\n\nWrite to {{whom}}.\n---\nThanks\n')).toEqual([
    ['Letter: to whom', 'added'],
  ])
  expect(await outcomes(ada, 'b.md', '# A heading #\n\nText')).toEqual([['A heading', 'added']])
  expect(await outcomes(ada, 'c.md', 'Only text')).toEqual([['c', 'added']])
  expect(await outcomes(ada, 'd.markdown', '---\r\ntitle: Windows\r\n---\r\nText')).toEqual([['Windows', 'added']])
  // What is no front matter is text.
  expect(await outcomes(ada, 'e.md', '---\n: [\n---\nText')).toEqual([['e', 'added']])
  const bomb = `---\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((key, at) => `${key}: &${key} [${`*${'abcdefgh'[at]},`.repeat(9)}]`)
    .join('\n')}\nname: bomb\n---\nText`
  expect(await outcomes(ada, 'bomb.md', bomb)).toEqual([['bomb', 'added']])
  expect((await library(ada)).find(([name]) => name === 'Letter: to whom')).toEqual(['Letter: to whom', 'Write to {{whom}}.\n---\nThanks'])
})

test('lists as other programs write them are read; what cannot be a prompt is told apart', async () => {
  const [ada] = await shared.current.people('ada')
  const others = JSON.stringify([
    { command: '/sum', content: 'Sum up' },
    { title: 'T', prompt: 'Do' },
    { name: 'No text' },
    { content: 'no name' },
    5,
    { name: 'x'.repeat(101), content: 'y' },
    { name: 'long', content: 'x'.repeat(100_001) },
    { name: 'zero', content: '\0' },
  ])
  expect((await send(ada, 'p.json', others)).map(({ outcome, reason }) => reason ?? outcome)).toEqual([
    'added',
    'added',
    'content',
    'name',
    'name',
    'name',
    'content',
    'content',
  ])
  for (const [name, text] of [
    ['a.json', '{"format":"x"}'],
    ['a.json', '[}'],
    ['a.json', ''],
    ['a.md', ' '],
    ['a.json', '[1,2]'],
  ] as const)
    expect(await ada.call('prompts.import', { workspaceId: ada.workspaceId, fileName: name, text }), text).toFailWith(
      'prompt.file_unreadable',
    )
  expect(await ada.call('prompts.import', { workspaceId: ada.workspaceId, fileName: 'a.md', text: 'x'.repeat(4_000_001) })).toFailWith(
    'request.invalid',
  )
})

test('a library takes no more than it holds', async () => {
  const [ada] = await shared.current.people('ada')
  const prompts = Array.from({ length: 1_003 }, (_, at) => ({ name: `Prompt ${at}`, content: 'x' }))
  const report = await send(ada, 'many.json', file(...prompts))
  expect(report.filter(({ outcome }) => outcome === 'added')).toHaveLength(1_000)
  expect(report.slice(1_000).map(({ reason }) => reason)).toEqual(['too_many', 'too_many', 'too_many'])
  let count = 0
  let cursor: string | undefined
  do {
    const page = await ada.get('prompts.export', { workspaceId: ada.workspaceId, ...(cursor && { cursor }) })
    count += page.prompts.length
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  expect(count).toBe(1_000)
})
