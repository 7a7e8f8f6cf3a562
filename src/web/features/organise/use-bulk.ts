import { useQueryClient } from '@tanstack/react-query'
import type { Conversation } from '../../../contract/conversations.ts'
import { api, query } from '../../api.ts'
import { dropConversation, putConversation } from '../../shell/conversation-cache.ts'
import { t } from '../../strings/index.ts'
import { showError, showToast } from '../../ui/toast.tsx'
import { o } from './strings.ts'

type Ids = readonly Conversation['id'][]

export interface BulkChange {
  isPinned?: boolean
  isArchived?: boolean
  addTags?: string[]
  removeTags?: string[]
}

/** What is done to several conversations at once: shown at once, and taken back in words when the server refuses. */
export function useBulk(workspaceId: Conversation['workspaceId']) {
  const client = useQueryClient()
  const refresh = () => {
    void client.invalidateQueries({ queryKey: query.conversations.listTrash.key() })
    void client.invalidateQueries({ queryKey: query.conversations.listTags.key() })
  }

  async function change(conversations: readonly Conversation[], { addTags = [], removeTags = [], ...places }: BulkChange): Promise<void> {
    for (const one of conversations) {
      const tags = [...new Set([...one.tags, ...addTags])].filter((tag) => !removeTags.includes(tag)).sort()
      putConversation(client, { ...one, ...places, tags })
    }
    try {
      await api.conversations.updateMany({ workspaceId, ids: conversations.map(({ id }) => id), ...places, addTags, removeTags })
    } catch (error) {
      for (const one of conversations) putConversation(client, one)
      showError(error, o('change.failed'))
    }
    refresh()
  }

  async function restore(ids: Ids): Promise<void> {
    const answers = await Promise.allSettled(ids.map((id) => api.conversations.restore({ id })))
    for (const answer of answers) if (answer.status === 'fulfilled') putConversation(client, answer.value)
    const failed = answers.find((answer) => answer.status === 'rejected')
    if (failed) showError(failed.reason, o('restore.failed'))
    else showToast({ title: o('restored', { count: ids.length }) })
    refresh()
  }

  async function remove(conversations: readonly Conversation[]): Promise<void> {
    const ids = conversations.map(({ id }) => id)
    for (const id of ids) dropConversation(client, id)
    try {
      await api.conversations.deleteMany({ workspaceId, ids })
      showToast({ title: o('deleted', { count: ids.length }), action: { label: t('ui.undo'), onPress: () => void restore(ids) } })
    } catch (error) {
      for (const one of conversations) putConversation(client, one)
      showError(error, o('change.failed'))
    }
    refresh()
  }

  async function emptyTrash(): Promise<void> {
    await api.conversations.emptyTrash({ workspaceId })
    refresh()
  }

  return { change, remove, restore, emptyTrash }
}
