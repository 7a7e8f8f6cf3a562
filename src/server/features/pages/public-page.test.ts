import { createHash } from 'node:crypto'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'

const shared = useTestApp()
let made = 0

const follow = (path: string, init: RequestInit = {}) => fetch(shared.current.url + path, { redirect: 'manual', ...init })

async function published(person: Person, fields: object = {}) {
  const slug = `public-${++made}`
  const { id: pageId } = await person.get('pages.create', { workspaceId: person.workspaceId, slug, displayName: 'Ada Lovelace' })
  await person.get('pages.update', { pageId, isPublished: true, ...fields })
  return { pageId, slug, path: `/@${slug}` }
}

/** The bytes as they travel. */
function raw(path: string, encoding: string): Promise<{ headers: Record<string, string | string[] | undefined>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(shared.current.url + path, { headers: { 'accept-encoding': encoding } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }))
    })
      .on('error', reject)
      .end()
  })
}

const jsonLd = (html: string) =>
  JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)![1]!) as { '@graph': Record<string, unknown>[] }

test('a page that is not published looks like one that does not exist', async () => {
  const [ada] = await shared.current.people('ada')
  const { pageId, path } = await published(ada, { isPublished: false })
  const hidden = await follow(path)
  const nothing = await follow('/@nobody-has-this')
  expect([hidden.status, nothing.status]).toEqual([404, 404])
  const text = await hidden.text()
  expect(text).toBe(await nothing.text())
  expect(text).toContain('There is no page here.')
  expect(hidden.headers.get('cache-control')).toBe('no-store')
  expect((await follow(`${path}/llms.txt`)).status).toBe(404)

  await ada.get('pages.update', { pageId, isPublished: true })
  expect((await follow(path)).status).toBe(200)
  expect((await follow(`${path}/anything-else`)).status).toBe(404)
})

test('what its owner wrote is text, in the page, in its attributes and in its data', async () => {
  const [ada] = await shared.current.people('ada')
  const bad = `"'><script>alert(1)</script></style><img src=x onerror=alert(1)>&amp;`
  const { pageId, path } = await published(ada, { displayName: bad, tagline: bad, bio: `${bad}\n\n${bad}\nline` })
  await ada.get('pageLinks.create', { pageId, title: bad, url: 'https://example.org/?a="><script>', description: bad })
  await ada.get('pageFaq.create', { pageId, question: bad, answer: `</script>${bad}<!--`, category: bad })
  const html = await (await follow(path)).text()
  expect(html).not.toContain('<script>alert')
  expect(html).not.toContain('<img src=x')
  expect(html).not.toContain('<!--')
  expect(html.match(/<script/g)).toHaveLength(1)
  expect(html.match(/<\/style>/g)).toHaveLength(1)
  expect(html).toContain('&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(html).toContain('&amp;amp;')
  const [profile, faq] = jsonLd(html)['@graph']
  expect(profile).toMatchObject({ '@type': 'ProfilePage', mainEntity: { '@type': 'Person', name: bad } })
  expect(faq).toMatchObject({ '@type': 'FAQPage', mainEntity: [{ name: bad, acceptedAnswer: { text: `</script>${bad}<!--` } }] })
})

test('it says what it is to search engines and to whoever shares it, and allows no script', async () => {
  const [ada] = await shared.current.people('ada')
  const { path, slug } = await published(ada, {
    tagline: 'Poetical science',
    avatarUrl: 'https://pictures.example/ada.png',
    email: 'ada@example.org',
    socialLinks: [{ platform: 'github', url: 'https://github.com/ada' }],
  })
  const response = await follow(path)
  const html = await response.text()
  const url = `${shared.current.url}${path}`
  expect(html).toContain('<html lang="en">')
  expect(html).toContain('<title>Ada Lovelace – Poetical science</title>')
  expect(html).toContain('<meta name="description" content="Poetical science">')
  expect(html).toContain(`<link rel="canonical" href="${url}">`)
  for (const property of ['og:type', 'og:title', 'og:description', 'og:url', 'og:image']) expect(html).toContain(`property="${property}"`)
  expect(jsonLd(html)['@graph']).toEqual([
    {
      '@type': 'ProfilePage',
      '@id': url,
      url,
      name: 'Ada Lovelace',
      mainEntity: {
        '@type': 'Person',
        '@id': `${url}#person`,
        name: 'Ada Lovelace',
        alternateName: slug,
        url,
        description: 'Poetical science',
        image: 'https://pictures.example/ada.png',
        email: 'mailto:ada@example.org',
        sameAs: ['https://github.com/ada'],
      },
    },
  ])
  const policy = response.headers.get('content-security-policy')!
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain('img-src data: https://pictures.example;')
  expect(policy).not.toMatch(/script-src|unsafe/)
  expect(response.headers.get('set-cookie')).toBeNull()
})

test('it is asked about again each time and sent again only when it changed', async () => {
  const [ada] = await shared.current.people('ada')
  const { pageId, path } = await published(ada)
  const etag = (await follow(path)).headers.get('etag')!
  const headers = { 'if-none-match': etag }
  expect((await follow(path, { headers })).status).toBe(304)
  await ada.get('pages.update', { pageId, tagline: 'New' })
  expect((await follow(path, { headers })).status).toBe(200)
  await ada.get('pages.update', { pageId, isPublished: false })
  expect((await follow(path, { headers })).status).toBe(404)
})

test('a former address leads to the new one, other people cannot have it, and its owner can take it back', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  const { pageId, slug: first } = await published(ada)
  const [second, third] = [`${first}-second`, `${first}-third`]
  await ada.get('pages.update', { pageId, slug: second })
  await ada.get('pages.update', { pageId, slug: third })
  for (const old of [first, second]) {
    const answer = await follow(`/@${old}`)
    expect({ status: answer.status, to: answer.headers.get('location') }).toEqual({ status: 308, to: `/@${third}` })
  }
  expect((await follow(`/@${first}/llms.txt`)).headers.get('location')).toBe(`/@${third}/llms.txt`)
  expect(await bea.call('pages.create', { workspaceId: bea.workspaceId, slug: first, displayName: 'Bea' })).toFailWith('page.slug_taken')
  await ada.get('pages.update', { pageId, slug: first })
  expect((await follow(`/@${first}`)).status).toBe(200)
  expect((await follow(`/@${third}`)).headers.get('location')).toBe(`/@${first}`)
  expect((await follow(`/@${first.toUpperCase()}`)).headers.get('location')).toBe(`/@${first}`)
  await ada.get('pages.update', { pageId, isPublished: false })
  expect((await follow(`/@${third}`)).status).toBe(404)
})

test('a click is counted and led on; a look ahead is led on and not counted', async () => {
  const [ada] = await shared.current.people('ada')
  const { pageId, path } = await published(ada)
  const add = async (url: string) => (await ada.get('pageLinks.create', { pageId, title: 'x', url })).id
  const web = await add('https://example.org/a b?q="ü"')
  const mail = await add('mailto:ada@example.org')
  const other = await add('https://example.org/other')
  const counts = async () => (await ada.get('pageLinks.list', { pageId })).map(({ clickCount }) => clickCount)
  const go = async (id: string, init?: RequestInit) => {
    const answer = await follow(`${path}/go/${id}`, init)
    expect(answer.headers.get('set-cookie')).toBeNull()
    return [answer.status, answer.headers.get('location')]
  }
  expect(await go(web)).toEqual([302, 'https://example.org/a%20b?q=%22%C3%BC%22'])
  await Promise.all(Array.from({ length: 9 }, () => go(web)))
  expect(await go(mail)).toEqual([302, 'mailto:ada@example.org'])
  expect(await counts()).toEqual([10, 1, 0])
  expect(await go(web, { method: 'HEAD' })).toEqual([302, expect.any(String)])
  expect(await go(web, { headers: { 'sec-purpose': 'prefetch;prerender' } })).toEqual([302, expect.any(String)])
  expect(await counts()).toEqual([10, 1, 0])

  await ada.get('pageLinks.update', { pageId, linkId: other, isActive: false })
  for (const id of [other, crypto.randomUUID(), 'no-id', '%00']) expect((await go(id))[0], id).toBe(404)
  const [bea] = await shared.current.people('bea')
  const elsewhere = await published(bea)
  expect((await follow(`${elsewhere.path}/go/${web}`)).status).toBe(404)
  await ada.get('pages.update', { pageId, isPublished: false })
  expect((await go(web))[0]).toBe(404)
  expect(await counts()).toEqual([10, 1, 0])
})

test('what is switched off is not shown; questions stand under their category', async () => {
  const [ada] = await shared.current.people('ada')
  const { pageId, path } = await published(ada)
  await ada.get('pageLinks.create', { pageId, title: 'Shown link', url: 'https://example.org' })
  await ada.get('pageLinks.create', { pageId, title: 'Hidden link', url: 'https://example.org', isActive: false })
  await ada.get('pageFaq.create', { pageId, question: 'Shown question', answer: 'One.\n\nTwo.\nThree.', category: 'Work' })
  await ada.get('pageFaq.create', { pageId, question: 'Hidden question', answer: 'x', isActive: false })
  const html = await (await follow(path)).text()
  const text = await (await follow(`${path}/llms.txt`)).text()
  for (const shown of [html, text]) {
    expect(shown).toContain('Shown link')
    expect(shown).toContain('Shown question')
    expect(shown).not.toContain('Hidden')
  }
  expect(html).toContain('<h3>Work</h3>')
  expect(html).toContain('<p>One.</p><p>Two.<br>Three.</p>')
  expect(text).toContain('- [Shown link](<https://example.org/>)')
  expect(text.startsWith('# Ada Lovelace\n')).toBe(true)
  await ada.get('pages.update', { pageId, bio: '# No heading\nof its own\n\n1. No list\n\n- None', displayName: 'Ada\n# Lovelace' })
  const wily = await (await follow(`${path}/llms.txt`)).text()
  expect(wily.split('\n').filter((one) => one.startsWith('#'))).toEqual([
    '# Ada # Lovelace',
    '## Links',
    '## Questions and answers',
    '### Shown question',
  ])
  expect(wily).toContain('\\# No heading of its own\n\n1\\. No list\n\n\\- None')
})

test('a full page is smaller than one round trip', async () => {
  const [ada] = await shared.current.people('ada')
  // Words that never come again, which no compression makes shorter than any prose would be.
  let written = 0
  const word = () => createHash('sha256').update(`${++written}`).digest('hex').slice(0, 7)
  const prose = (length: number) => Array.from({ length }, word).join(' ')
  const { pageId, path } = await published(ada, { tagline: prose(9), bio: prose(60) })
  for (let at = 0; at < 20; at++)
    await ada.get('pageLinks.create', {
      pageId,
      title: prose(4),
      url: `https://example.org/${at}`,
      description: prose(9),
      icon: (['globe', 'mail', 'book-open', 'video', 'code', 'coffee'] as const)[at % 6]!,
    })
  for (let at = 0; at < 10; at++)
    await ada.get('pageFaq.create', { pageId, question: `${prose(8)}?`, answer: prose(50), category: at < 5 ? 'First' : 'Second' })
  const zipped = await raw(path, 'gzip')
  const brotli = await raw(path, 'gzip, br')
  expect([zipped.headers['content-encoding'], brotli.headers['content-encoding']]).toEqual(['gzip', 'br'])
  const html = gunzipSync(zipped.body).toString()
  expect(brotliDecompressSync(brotli.body).toString()).toBe(html)
  expect(zipped.body.length).toBeLessThan(14 * 1024)
  // Nothing else is needed to read it.
  expect(html).not.toMatch(/<script(?! type="application\/ld\+json")|rel="stylesheet"|@import|url\(/)
  expect(gzipSync(html).length).toBeGreaterThan(2000)
})

test('a preview shows what is not saved, leads nowhere, and loads the style sheet of its theme', async () => {
  const [ada] = await shared.current.people('ada')
  const { pageId, path } = await published(ada, { avatarUrl: 'https://pictures.example/ada.png' })
  await ada.get('pageLinks.create', { pageId, title: 'A link', url: 'https://example.org' })
  const theme = { preset: 'grove', accent: '#ffcc00', scheme: 'light' } as const
  const { html } = await ada.get('pages.preview', { pageId, displayName: 'Tried <b>out</b>', theme })
  expect(html).toContain('Tried &lt;b&gt;out&lt;/b&gt;')
  expect(html).toContain('A link')
  expect(html).not.toMatch(/<a[^>]* href=|<img|<style|<script/)
  const [, address] = /<link rel="stylesheet" href="([^"]+)">/.exec(html)!
  const sheet = await follow(address!.replaceAll('&amp;', '&'))
  expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8')
  expect(await sheet.text()).toContain('color-scheme:light')
  expect((await follow('/@/style.css?preset=none')).status).toBe(404)
  expect(await (await follow(path)).text()).toContain('Ada Lovelace')
})
