import { expect, onTestFinished, test } from 'vitest'
import { createMetrics } from './index.ts'

function start() {
  const metrics = createMetrics()
  onTestFinished(() => metrics.close())
  return metrics
}

test('counters add up per combination of labels, with quotes and line breaks escaped', () => {
  const metrics = start()
  const requests = metrics.counter<'route' | 'status'>('parley_requests_total', 'Requests answered.')

  requests.add(1, { route: '/me', status: '200' })
  requests.add(2, { route: '/me', status: '200' })
  requests.add(1, { route: 'a"b\n', status: '500' })

  expect(metrics.render()).toContain(
    [
      '# HELP parley_requests_total Requests answered.',
      '# TYPE parley_requests_total counter',
      'parley_requests_total{route="/me",status="200"} 3',
      'parley_requests_total{route="a\\"b\\n",status="500"} 1',
    ].join('\n'),
  )
})

test('histogram buckets are cumulative and end with +Inf', () => {
  const metrics = start()
  const seconds = metrics.histogram('parley_first_token_seconds', 'Time to the first token.', [0.1, 1])

  for (const value of [0.05, 0.1, 0.5, 7]) seconds.observe(value)

  expect(metrics.render()).toContain(
    [
      'parley_first_token_seconds_bucket{le="0.1"} 2',
      'parley_first_token_seconds_bucket{le="1"} 3',
      'parley_first_token_seconds_bucket{le="+Inf"} 4',
      'parley_first_token_seconds_sum 7.65',
      'parley_first_token_seconds_count 4',
    ].join('\n'),
  )
})

test('gauges are read at each scrape, those of the process among them', () => {
  const metrics = start()
  let open = 1
  metrics.gauge('parley_streams', 'Open streams.', () => open)

  expect(metrics.render()).toContain('parley_streams 1\n')
  open = 5
  expect(metrics.render()).toContain('parley_streams 5\n')
  expect(metrics.render()).toMatch(/process_resident_memory_bytes \d{7,}/)
})

test('a name is given once', () => {
  const metrics = start()
  metrics.counter('parley_x_total', 'x')
  expect(() => metrics.counter('parley_x_total', 'x')).toThrow('exists already')
})
