import { expect, test } from 'vitest'
import { Origin } from '../../../../contract/bots.ts'
import { originOf } from './origin-of.ts'

test('a site is named as a browser names it, and as the server takes it', () => {
  const sites = {
    ' Example.org ': 'https://example.org',
    'https://example.org/': 'https://example.org',
    'HTTP://Blog.Example.org:8080': 'http://blog.example.org:8080',
    'https://example.org:443': 'https://example.org',
    'https://müller.example': 'https://xn--mller-kva.example',
    'http://localhost:3000': 'http://localhost:3000',
  }
  for (const [typed, site] of Object.entries(sites)) {
    expect(originOf(typed)).toBe(site)
    expect(Origin.parse(site)).toBe(site)
  }
})

test('what is more or less than a site is none', () => {
  for (const typed of [
    '',
    'word',
    'https://',
    'https://example.org/blog',
    'https://example.org/?a',
    'https://a@example.org',
    'ftp://example.org',
    '*',
  ])
    expect(originOf(typed), typed).toBeUndefined()
})
