import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { maxImportPartBytes } from '../../../contract/import-choices.ts'
import type { Import } from '../../../contract/imports.ts'
import { api } from '../../api.ts'
import { ApiError, decodeProblem, toApiError } from '../../errors.ts'
import { showError } from '../../ui/toast.tsx'
import { putImport } from './import-cache.ts'
import { s } from './strings.ts'

const partBytes = maxImportPartBytes / 2
/** Pauses before a part is sent again. */
const pausesMs = [500, 2_000, 5_000, 15_000, 30_000]

/** Uploads that this tab is at. They go on while somebody looks at other screens. */
const running = new Map<string, AbortController>()

const watchers = new Set<() => void>()
const tellWatchers = () => watchers.forEach((watcher) => watcher())

export const isUploading = (id: string): boolean => running.has(id)
/** Whether this tab is at it; the screen changes with it. */
export function useIsUploading(id: string): boolean {
  return useSyncExternalStore(watch, () => running.has(id))
}
function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

export const stopUpload = (id: string): void => running.get(id)?.abort()

/** Sends a file, part by part. `begun` is the same file's import whose upload broke off: it goes on where that ended. Errors are shown. */
export async function uploadArchive(
  client: QueryClient,
  workspaceId: Import['workspaceId'],
  file: File,
  begun: Import | undefined,
): Promise<void> {
  let state = begun
  const ending = new AbortController()
  try {
    state ??= await api.imports.create({ workspaceId, fileName: file.name.slice(0, 255) || 'archive', sizeBytes: file.size })
    running.set(state.id, ending)
    tellWatchers()
    putImport(client, state)
    while (state.status === 'uploading' && !ending.signal.aborted) {
      state = await sendPart(state, file, ending.signal)
      putImport(client, state)
    }
  } catch (error) {
    if (!ending.signal.aborted) showError(error, s('upload.failed', { name: file.name }))
  } finally {
    if (state) {
      running.delete(state.id)
      tellWatchers()
    }
  }
}

async function sendPart(state: Import, file: File, signal: AbortSignal): Promise<Import> {
  let { receivedBytes: offset } = state
  for (let attempt = 0; ; attempt++) {
    try {
      return await put(`/api/imports/${state.id}/upload/${offset}`, file.slice(offset, offset + partBytes), signal)
    } catch (error) {
      const pause = pausesMs[attempt]
      const { code, status } = toApiError(error)
      // Where it is out of step, an answer was lost: the server says where it is.
      const isWorthAnother = code === 'network' || code === 'import.out_of_step' || status >= 500
      if (signal.aborted || pause === undefined || !isWorthAnother) throw error
      if (code !== 'import.out_of_step') await new Promise((resolve) => setTimeout(resolve, pause))
      const known = await api.imports.get({ id: state.id }).catch(() => undefined)
      if (known && (known.status !== 'uploading' || known.receivedBytes > offset)) return known
      offset = known?.receivedBytes ?? offset
    }
  }
}

async function put(path: string, body: Blob, signal: AbortSignal): Promise<Import> {
  const response = await fetch(path, { method: 'PUT', body, signal }).catch((cause: unknown) => {
    throw new ApiError('network', { cause })
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (response.ok) return answer as Import
  throw toApiError(decodeProblem(answer) ?? new ApiError('internal', { status: response.status }))
}
