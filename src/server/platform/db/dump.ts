export { backup } from './dump/backup.ts'
export type { DumpOptions, DumpProgress, DumpSummary } from './dump/format.ts'
export { restore } from './dump/restore.ts'
export { restoreSnapshot } from './dump/restore-snapshot.ts'
