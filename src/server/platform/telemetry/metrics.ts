import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Values of labels come from closed sets (a route, a provider, a status), never from people: every combination stays in memory. */
export type Labels<Name extends string> = Record<Name, string>

export interface Counter<Name extends string = never> {
  add(amount?: number, labels?: Labels<Name>): void
}

export interface Histogram<Name extends string = never> {
  /** In the unit that the metric's name ends with. */
  observe(value: number, labels?: Labels<Name>): void
}

export interface Metrics {
  counter<Name extends string = never>(name: string, help: string): Counter<Name>
  /** `read` is asked at every scrape. */
  gauge(name: string, help: string, read: () => number): void
  histogram<Name extends string = never>(name: string, help: string, upperBounds: readonly number[]): Histogram<Name>
  /** All metrics in the Prometheus text format, version 0.0.4. */
  render(): string
  close(): void
}

export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8'

interface Metric {
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  samples(): string[]
}

/** Counters, gauges and histograms of one process, with those of the process itself. */
export function createMetrics(): Metrics {
  const metrics = new Map<string, Metric>()
  const add = (metric: Metric) => {
    if (metrics.has(metric.name)) throw new Error(`The metric ${metric.name} exists already.`)
    metrics.set(metric.name, metric)
  }

  const gauge = (name: string, help: string, read: () => number) => add({ name, help, type: 'gauge', samples: () => [`${name} ${read()}`] })
  const eventLoop = monitorEventLoopDelay({ resolution: 20 })
  eventLoop.enable()
  addProcessMetrics(gauge, eventLoop)

  return {
    gauge,
    counter(name, help) {
      const values = new Map<string, number>()
      add({ name, help, type: 'counter', samples: () => [...values].map(([labels, value]) => `${name}${braces(labels)} ${value}`) })
      return {
        add(amount = 1, labels) {
          const key = labelText(labels)
          values.set(key, (values.get(key) ?? 0) + amount)
        },
      }
    },
    histogram(name, help, upperBounds) {
      const values = new Map<string, { counts: number[]; sum: number; count: number }>()
      add({
        name,
        help,
        type: 'histogram',
        samples: () =>
          [...values].flatMap(([labels, { counts, sum, count }]) => [
            ...upperBounds.map((bound, index) => `${name}_bucket${braces(labels, `le="${bound}"`)} ${counts[index]}`),
            `${name}_bucket${braces(labels, 'le="+Inf"')} ${count}`,
            `${name}_sum${braces(labels)} ${sum}`,
            `${name}_count${braces(labels)} ${count}`,
          ]),
      })
      return {
        observe(value, labels) {
          const key = labelText(labels)
          let entry = values.get(key)
          if (!entry) values.set(key, (entry = { counts: upperBounds.map(() => 0), sum: 0, count: 0 }))
          entry.sum += value
          entry.count += 1
          // Buckets of this format are cumulative.
          upperBounds.forEach((bound, index) => {
            if (value <= bound) entry.counts[index] = (entry.counts[index] ?? 0) + 1
          })
        },
      }
    },
    render() {
      const blocks = [...metrics.values()].map(({ name, help, type, samples }) =>
        [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples()].join('\n'),
      )
      eventLoop.reset()
      return `${blocks.join('\n')}\n`
    },
    close() {
      eventLoop.disable()
    },
  }
}

function addProcessMetrics(gauge: Metrics['gauge'], eventLoop: { percentile(percentile: number): number }) {
  const startedAt = Date.now() / 1000 - process.uptime()
  gauge('process_start_time_seconds', 'When this process started, in seconds since 1970.', () => startedAt)
  gauge('process_resident_memory_bytes', 'Memory this process occupies.', () => process.memoryUsage.rss())
  gauge('nodejs_heap_size_used_bytes', 'Memory of live JavaScript objects.', () => process.memoryUsage().heapUsed)
  gauge('process_cpu_seconds_total', 'Processor time used, user and system.', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'How late the event loop ran since the last scrape, 99th percentile.',
    () => eventLoop.percentile(99) / 1e9,
  )
}

function labelText(labels: Record<string, string> | undefined): string {
  if (!labels) return ''
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`)
    .join(',')
}

function braces(...parts: string[]): string {
  const text = parts.filter((part) => part !== '').join(',')
  return text === '' ? '' : `{${text}}`
}
