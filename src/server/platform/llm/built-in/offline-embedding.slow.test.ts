import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, expect, test } from 'vitest'
import { createOfflineEmbedding } from './offline-embedding.ts'

const offline = createOfflineEmbedding()
afterAll(() => offline.close())

const embed = async (...values: string[]) => offline.model.doEmbed({ values })
const similarity = (a: number[] | undefined, b: number[] | undefined) => a!.reduce((sum, value, index) => sum + value * b![index]!, 0)

test('texts that mean the same are nearer than texts that do not', async () => {
  const { embeddings, usage } = await embed(
    'How do I reset my password?',
    'I forgot my login and need a new one',
    'The recipe needs two eggs',
  )
  expect(embeddings.map((vector) => vector.length)).toEqual([512, 512, 512])
  expect(Math.hypot(...embeddings[0]!)).toBeCloseTo(1, 4)
  expect(similarity(embeddings[0], embeddings[1])).toBeGreaterThan(similarity(embeddings[0], embeddings[2]) + 0.2)
  expect(usage?.tokens).toBeGreaterThan(15)
})

test('every text has its own row, empty and very long ones too, whatever stands beside it', async () => {
  const many = ['alpha', '', '   ', 'word '.repeat(20_000), ...Array.from({ length: 30 }, (_, index) => `text ${index}`), 'beta']
  const { embeddings } = await embed(...many)
  expect(embeddings).toHaveLength(many.length)
  const alone = await embed('beta')
  expect(similarity(embeddings.at(-1), alone.embeddings[0])).toBeGreaterThan(0.9999)
})

test('the event loop stays free meanwhile, and an aborted call ends at once', async () => {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  await embed(...Array.from({ length: 64 }, (_, index) => `A sentence about number ${index} that takes a while`))
  delay.disable()
  expect(delay.percentile(90) / 1e6).toBeLessThan(100)

  const stop = new AbortController()
  const running = offline.model.doEmbed({ values: Array.from({ length: 256 }, () => 'long '.repeat(500)), abortSignal: stop.signal })
  stop.abort()
  await expect(running).rejects.toMatchObject({ name: 'AbortError' })
  // Its texts, some 30 seconds of work, do not keep the next one waiting.
  const startedAt = performance.now()
  await embed('next')
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('after it was closed, the next call starts it again', async () => {
  const other = createOfflineEmbedding()
  await other.model.doEmbed({ values: ['one'] })
  await other.close()
  expect((await other.model.doEmbed({ values: ['two'] })).embeddings).toHaveLength(1)
  await other.close()
})
