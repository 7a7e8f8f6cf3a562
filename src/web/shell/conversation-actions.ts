import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { Conversation } from '../../contract/conversations.ts'
import { api } from '../api.ts'
import { t } from '../strings/index.ts'
import { showError, showToast } from '../ui/toast.tsx'
import { dropConversation, patchConversation, putConversation } from './conversation-cache.ts'

export const titleOf = (conversation: Pick<Conversation, 'title'>): string => conversation.title || t('shell.untitled')

/** Rename and delete: the screen changes at once, and changes back in words when the server refuses. */
export function useConversationActions() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const shown: string | undefined = useParams({ strict: false }).conversationId

  async function rename(conversation: Conversation, title: string): Promise<void> {
    const trimmed = title.trim()
    if (trimmed === '' || trimmed === conversation.title) return
    patchConversation(client, conversation.id, { title: trimmed })
    try {
      putConversation(client, await api.conversations.update({ id: conversation.id, title: trimmed }))
    } catch (error) {
      patchConversation(client, conversation.id, { title: conversation.title })
      showError(error, t('shell.rename.failed'), { label: t('ui.retry'), onPress: () => void rename(conversation, title) })
    }
  }

  async function restore(conversation: Conversation, wasShown: boolean): Promise<void> {
    putConversation(client, conversation)
    if (wasShown) void navigate({ to: '/c/$conversationId', params: { conversationId: conversation.id } })
    try {
      putConversation(client, await api.conversations.restore({ id: conversation.id }))
      // What ran in it was stopped, and nobody told a conversation that was not there.
      void client.invalidateQueries({ queryKey: ['transcript', conversation.id] })
    } catch (error) {
      dropConversation(client, conversation.id)
      showError(error, t('shell.restore.failed', { title: titleOf(conversation) }), {
        label: t('ui.retry'),
        onPress: () => void restore(conversation, wasShown),
      })
    }
  }

  async function remove(conversation: Conversation): Promise<void> {
    const wasShown = shown === conversation.id
    dropConversation(client, conversation.id)
    if (wasShown) void navigate({ to: '/' })
    try {
      await api.conversations.delete({ id: conversation.id })
      showToast({
        title: t('shell.deleted', { title: titleOf(conversation) }),
        action: { label: t('ui.undo'), onPress: () => void restore({ ...conversation, isAnswering: false }, wasShown) },
      })
    } catch (error) {
      putConversation(client, conversation)
      showError(error, t('shell.delete.failed', { title: titleOf(conversation) }))
    }
  }

  /** Changes it where it is shown, and moves it to where it belongs now; back again when the server refuses. */
  async function place(conversation: Conversation, change: { isPinned?: boolean; isArchived?: boolean }): Promise<boolean> {
    putConversation(client, { ...conversation, ...change })
    try {
      putConversation(client, await api.conversations.update({ id: conversation.id, ...change }))
      return true
    } catch (error) {
      putConversation(client, conversation)
      showError(error, t('shell.place.failed', { title: titleOf(conversation) }))
      return false
    }
  }

  const pin = (conversation: Conversation, isPinned: boolean) => place(conversation, { isPinned })

  async function archive(conversation: Conversation, isArchived: boolean): Promise<void> {
    if (!(await place(conversation, { isArchived }))) return
    showToast({
      title: t(isArchived ? 'shell.archived' : 'shell.unarchived', { title: titleOf(conversation) }),
      action: { label: t('ui.undo'), onPress: () => void place({ ...conversation, isArchived }, { isArchived: !isArchived }) },
    })
  }

  return { rename, remove, pin, archive }
}
