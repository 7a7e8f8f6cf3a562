export { createLogger, type LogFields, type Logger, type LogOptions } from './logger.ts'
export { type Counter, createMetrics, type Histogram, type Metrics, metricsContentType } from './metrics.ts'
