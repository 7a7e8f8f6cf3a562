export { type CounterStreamBatch, type CounterStreamLog, CounterStreams } from './counter-stream.ts'
export { LiveStream, type LogEntry, parsePosition, type Position } from './live-stream.ts'
export { StreamHub, type StreamItem, type StreamLog } from './stream-hub.ts'
