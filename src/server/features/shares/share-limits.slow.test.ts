import { expect, test } from 'vitest'
import { startTestApp } from '../../../../test/support/test-app.ts'

test('one network asks for so many shared pages a minute; another is not held up by it', async () => {
  await using app = await startTestApp({ env: { TRUST_PROXY: '1' } })
  const ask = async (address: string, path = '/s/nothing') => {
    const response = await fetch(app.url + path, { headers: { 'x-forwarded-for': address } })
    await response.arrayBuffer()
    return response
  }
  for (let round = 0; round < 50; round++)
    await Promise.all(Array.from({ length: 20 }, (_, index) => ask(`192.0.2.7`, index % 2 ? '/s/nothing' : '/s/a/files/b')))

  const refused = await ask('192.0.2.7')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await ask('192.0.2.8')).status).toBe(404)
})
