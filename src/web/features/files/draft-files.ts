import { useSyncExternalStore } from 'react'
import type { Attachment } from '../../../contract/attachments.ts'
import type { ConversationId, WorkspaceId } from '../../../contract/ids.ts'
import type { FilePart } from '../../../contract/messages.ts'
import { api } from '../../api.ts'
import { type ApiError, toApiError } from '../../errors.ts'
import { newKey } from '../../new-key.ts'
import { maxAttachments } from './limits.ts'
import { sendBytes } from './send-bytes.ts'
import { f } from './strings.ts'

/** A file on its way into a message that is being written. */
export interface DraftFile {
  key: string
  name: string
  sizeBytes: number
  state: 'waiting' | 'uploading' | 'checking' | 'ready' | 'failed'
  /** 0 to 1, while it is uploading. */
  progress: number
  /** Why it failed, in words. */
  problem: string | undefined
  /** Trying again could help. */
  canRetry: boolean
  /** Of a picture, on this device. */
  previewUrl: string | undefined
  /** As it will stand in the message, once it is ready. */
  part: FilePart | undefined
}

export interface DraftPlace {
  draftKey: string
  workspaceId: WorkspaceId
  conversationId: ConversationId | undefined
}

const prefix = 'parley.files.'
const maxAtOnce = 3

/** Of all drafts: uploads go on while another screen is shown. */
const drafts = new Map<string, readonly DraftFile[]>()
const sources = new Map<string, { file: File; place: DraftPlace }>()
/** Files that were uploaded on this page and stand in no message yet. */
const uploaded = new Set<string>()
const aborts = new Map<string, AbortController>()
const listeners = new Set<() => void>()
const none: readonly DraftFile[] = []

export function filesOfDraft(draftKey: string): readonly DraftFile[] {
  const known = drafts.get(draftKey)
  if (known) return known
  const kept = restore(draftKey)
  drafts.set(draftKey, kept)
  void stillThere(draftKey, kept)
  return kept
}

export const useDraftFiles = (draftKey: string): readonly DraftFile[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => filesOfDraft(draftKey),
  )

/** Answers with whether all were taken. */
export function addFiles(place: DraftPlace, files: readonly File[]): boolean {
  const before = filesOfDraft(place.draftKey)
  const room = maxAttachments - before.length
  const added = files.slice(0, room).map((file): DraftFile => {
    const key = newKey()
    sources.set(key, { file, place })
    return {
      key,
      name: file.name,
      sizeBytes: file.size,
      state: 'waiting',
      progress: 0,
      problem: undefined,
      canRetry: false,
      previewUrl: /^image\/(png|jpeg|webp|gif)$/.test(file.type) ? URL.createObjectURL(file) : undefined,
      part: undefined,
    }
  })
  change(place.draftKey, [...before, ...added])
  startNext()
  return files.length <= room
}

export function removeFile(draftKey: string, key: string): void {
  const file = filesOfDraft(draftKey).find((one) => one.key === key)
  aborts.get(key)?.abort()
  forget(key, file)
  change(
    draftKey,
    filesOfDraft(draftKey).filter((one) => one.key !== key),
  )
  // Nobody waits for it; what is left is swept. What came back from a message still stands there.
  if (file?.part && uploaded.delete(key)) void api.attachments.delete({ id: file.part.attachmentId }).catch(() => undefined)
}

export function retryFile(draftKey: string, key: string): void {
  update(draftKey, key, { state: 'waiting', progress: 0, problem: undefined })
  startNext()
}

/** The files of a draft that is being sent: they leave it. */
export function takeFiles(draftKey: string): FilePart[] {
  const files = filesOfDraft(draftKey)
  for (const file of files) {
    uploaded.delete(file.key)
    forget(file.key, file)
  }
  change(draftKey, [])
  return files.flatMap(({ part }) => part ?? [])
}

/** What could not be sent goes back to where it was written. */
export function putBack(draftKey: string, parts: readonly FilePart[]): void {
  change(draftKey, [...parts.map(ofPart), ...filesOfDraft(draftKey)])
}

function change(draftKey: string, files: readonly DraftFile[]): void {
  drafts.set(draftKey, files.length > 0 ? files : none)
  try {
    const ready = files.flatMap(({ part }) => part ?? [])
    if (ready.length > 0) localStorage.setItem(prefix + draftKey, JSON.stringify(ready))
    else localStorage.removeItem(prefix + draftKey)
  } catch {
    // Full or forbidden: they live as long as the page.
  }
  for (const listener of listeners) listener()
}

function update(draftKey: string, key: string, fields: Partial<DraftFile>): void {
  const files = filesOfDraft(draftKey)
  if (files.some((one) => one.key === key))
    change(
      draftKey,
      files.map((one) => (one.key === key ? { ...one, ...fields } : one)),
    )
}

function startNext(): void {
  for (const [draftKey, files] of drafts) {
    for (const { key, state } of files) {
      if (aborts.size >= maxAtOnce) return
      if (state === 'waiting' && !aborts.has(key)) void upload(draftKey, key)
    }
  }
}

async function upload(draftKey: string, key: string): Promise<void> {
  const source = sources.get(key)
  if (!source) return
  const { file, place } = source
  const abort = new AbortController()
  aborts.set(key, abort)
  const fail = (problem: string, canRetry: boolean) => update(draftKey, key, { state: 'failed', problem, canRetry })
  update(draftKey, key, { state: 'uploading' })
  try {
    if (file.size === 0) return fail(f((await isReadable(file)) ? 'problem.empty' : 'problem.folder'), false)
    const { workspaceId, conversationId } = place
    const planned = await api.attachments.plan({
      workspaceId,
      name: file.name || 'file',
      sizeBytes: file.size,
      mime: file.type,
      ...(conversationId && { conversationId }),
    })
    const onProgress = (share: number) => update(draftKey, key, share < 1 ? { progress: share } : { progress: 1, state: 'checking' })
    const sent = await sendBytes(planned.upload.path, file, onProgress, abort.signal)
    const part = toPart(sent)
    if (part) {
      sources.delete(key)
      uploaded.add(key)
      update(draftKey, key, { state: 'ready', part })
    } else fail(sent.reason ? f(`reason.${sent.reason}`) : '', sent.reason === 'interrupted' || sent.reason === 'size_mismatch')
  } catch (error) {
    const problem = toApiError(error)
    if (!abort.signal.aborted) fail(inWords(problem), problem.status === 0 || problem.status >= 500)
  } finally {
    aborts.delete(key)
    startNext()
  }
}

function inWords({ code, message, detail, action }: ApiError): string {
  if (code === 'network') return f('problem.offline')
  return [message, detail ?? action].join(' ')
}

/** Browsers give a dropped folder as a file without bytes that cannot be read. */
const isReadable = (file: File) =>
  file.arrayBuffer().then(
    () => true,
    () => false,
  )

function toPart(attachment: Attachment): FilePart | undefined {
  const { id, name, kind, mime, sizeBytes, width, height, pageCount, textTokens, status } = attachment
  if (kind === null || status !== 'ready') return undefined
  return { type: 'file', step: 0, attachmentId: id, name, kind, mime, sizeBytes, width, height, pageCount, textTokens }
}

function ofPart(part: FilePart): DraftFile {
  const { attachmentId, name, sizeBytes } = part
  return {
    key: attachmentId,
    name,
    sizeBytes,
    state: 'ready',
    progress: 1,
    problem: undefined,
    canRetry: false,
    previewUrl: undefined,
    part,
  }
}

function forget(key: string, file: DraftFile | undefined): void {
  sources.delete(key)
  if (file?.previewUrl) URL.revokeObjectURL(file.previewUrl)
}

function restore(draftKey: string): readonly DraftFile[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(prefix + draftKey) ?? '[]')
    const parts = Array.isArray(kept) ? (kept as FilePart[]) : []
    const files = parts.filter((part) => part?.type === 'file' && typeof part.attachmentId === 'string').map(ofPart)
    return files.length > 0 ? files : none
  } catch {
    return none
  }
}

/** What lay in a draft for long may be gone. */
async function stillThere(draftKey: string, files: readonly DraftFile[]): Promise<void> {
  for (const { key, part } of files) {
    if (!part) continue
    const code = await api.attachments.get({ id: part.attachmentId }).then(
      ({ status }) => (status === 'ready' || status === 'attached' ? undefined : status),
      (error: unknown) => toApiError(error).code,
    )
    if (code !== undefined && code !== 'network')
      update(draftKey, key, { state: 'failed', problem: f('problem.gone'), canRetry: false, part: undefined })
  }
}
