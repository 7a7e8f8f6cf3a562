import { type ClipboardEvent, useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import type { ConversationId, WorkspaceId } from '../../../contract/ids.ts'
import type { FilePart } from '../../../contract/messages.ts'
import type { Model } from '../../../contract/models.ts'
import { showToast } from '../../ui/toast.tsx'
import { addFiles, type DraftFile, putBack, takeFiles, useDraftFiles } from './draft-files.ts'
import { fileNotes } from './file-notes.ts'
import { maxAttachments } from './limits.ts'
import { f } from './strings.ts'

interface Where {
  draftKey: string
  workspaceId: WorkspaceId | undefined
  conversationId: ConversationId | undefined
  model: Model | undefined
}

export interface ComposerFiles {
  all: readonly DraftFile[]
  /** What goes with the message now. */
  parts: FilePart[]
  isUnderWay: boolean
  hasFailed: boolean
  /** Sending waits for the last upload. */
  isHeld: boolean
  notes: string[]
  /** In place of the composer's own. */
  hint: string | undefined
  add: (files: File[]) => void
  onPaste: (event: ClipboardEvent) => void
  hold: () => void
  release: () => void
  take: () => void
  putBack: (parts: readonly FilePart[]) => void
}

/** The files of the message that is being written. */
export function useComposerFiles({ draftKey, workspaceId, conversationId, model }: Where): ComposerFiles {
  const all = useDraftFiles(draftKey)
  const [isHeld, setHeld] = useState(false)
  const isUnderWay = all.some(({ state }) => state !== 'ready' && state !== 'failed')
  const hasFailed = all.some(({ state }) => state === 'failed')
  const parts = useMemo(() => all.flatMap(({ part }) => part ?? []), [all])
  const release = useCallback(() => setHeld(false), [])

  // Pasted while the conversation is still loading.
  const early = useRef<File[]>([])
  const addEarly = useEffectEvent(() => add(early.current.splice(0)))
  useEffect(() => {
    if (workspaceId) addEarly()
  }, [workspaceId])

  function add(files: File[]) {
    if (files.length === 0) return
    if (!workspaceId) {
      early.current.push(...files)
      return
    }
    if (!addFiles({ draftKey, workspaceId, conversationId }, files)) showToast({ title: f('too_many', { count: maxAttachments }) })
  }

  return {
    all,
    parts,
    isUnderWay,
    hasFailed,
    isHeld: isHeld && all.length > 0,
    notes: fileNotes(all, model),
    hint: hasFailed ? f('hint.failed') : isHeld && isUnderWay ? f('hint.held') : undefined,
    add,
    onPaste: (event) => {
      const files = [...event.clipboardData.files]
      // What is copied from an office program is text that also comes as a picture: the text is meant.
      if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return
      event.preventDefault()
      add(files)
    },
    hold: () => setHeld(true),
    release,
    take: () => void takeFiles(draftKey),
    putBack: (parts) => {
      if (parts.length > 0) putBack(draftKey, parts)
    },
  }
}
