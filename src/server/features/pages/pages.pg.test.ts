import { expect, test } from 'vitest'
import { useTestApp } from '../../../../test/support/test-app.ts'

const shared = useTestApp({ database: 'postgres' })

test('of many who want one address at the same moment one gets it, as a new page or by moving', async () => {
  const people = await shared.current.people(...Array.from({ length: 12 }, (_, at) => `racer${at}`))
  const movers = people.slice(0, 6)
  const ids = await Promise.all(
    movers.map(
      async (one, at) => (await one.get('pages.create', { workspaceId: one.workspaceId, slug: `old-${at}`, displayName: 'x' })).id,
    ),
  )
  const answers = await Promise.all([
    ...movers.map((one, at) => one.call('pages.update', { pageId: ids[at]!, slug: 'wanted' })),
    ...people.slice(6).map((one) => one.call('pages.create', { workspaceId: one.workspaceId, slug: 'wanted', displayName: 'x' })),
  ])
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  for (const answer of answers.filter(({ ok }) => !ok)) expect(answer).toFailWith('page.slug_taken')
})

test('a former address is nobody else’s, even when it is left and wanted at the same moment', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  for (let round = 0; round < 10; round++) {
    const slug = `left-${round}`
    const { id: pageId } = await ada.get('pages.create', { workspaceId: ada.workspaceId, slug, displayName: 'Ada' })
    const [, wanted] = await Promise.all([
      ada.get('pages.update', { pageId, slug: `${slug}-new` }),
      bea.call('pages.create', { workspaceId: bea.workspaceId, slug, displayName: 'Bea' }),
    ])
    expect(wanted).toFailWith('page.slug_taken')
    await ada.get('pages.delete', { pageId })
  }
})

test('a workspace has one page and a page a hundred links, however many ask at once; no click is lost', async () => {
  const [ada] = await shared.current.people('ada')
  const made = await Promise.all(
    Array.from({ length: 6 }, (_, at) =>
      ada.call('pages.create', { workspaceId: ada.workspaceId, slug: `mine-${at}`, displayName: 'Ada' }),
    ),
  )
  const pages = made.flatMap((answer) => (answer.ok ? [answer.value] : []))
  expect(pages).toHaveLength(1)
  const { id: pageId, slug } = pages[0]!
  await ada.get('pages.update', { pageId, isPublished: true })
  const added = await Promise.all(
    Array.from({ length: 105 }, (_, at) => ada.call('pageLinks.create', { pageId, title: `${at}`, url: 'https://example.org' })),
  )
  expect(added.filter(({ ok }) => ok)).toHaveLength(100)
  const links = await ada.get('pageLinks.list', { pageId })
  expect(links.map(({ sortOrder }) => sortOrder)).toEqual(Array.from({ length: 100 }, (_, at) => at))

  const go = `${shared.current.url}/@${slug}/go/${links[0]!.id}`
  await Promise.all(Array.from({ length: 50 }, () => fetch(go, { redirect: 'manual' })))
  expect((await ada.get('pageLinks.list', { pageId }))[0]!.clickCount).toBe(50)
})
