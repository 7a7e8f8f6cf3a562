export { openDiskStore } from './disk-store.ts'
export { type FileStore, type StoredBytes, TooManyBytes } from './file-store.ts'
