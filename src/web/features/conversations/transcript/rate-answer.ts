import type { Feedback, Message } from '../../../../contract/messages.ts'
import { api } from '../../../api.ts'
import { t } from '../../../strings/index.ts'
import { showError } from '../../../ui/toast.tsx'
import { changeTranscript } from './transcript-query.ts'
import { changeMessage } from './window.ts'

const latest = new Map<Message['id'], number>()

/** Shown at once, and taken back in words where the server did not keep it. Of several presses only the last may take anything back. */
export async function rateAnswer(message: Message, feedback: Feedback | null): Promise<void> {
  const { id, conversationId } = message
  const show = (shown: Feedback | null) =>
    changeTranscript(conversationId, (window) => changeMessage(window, id, (known) => ({ ...known, feedback: shown })))
  const turn = (latest.get(id) ?? 0) + 1
  latest.set(id, turn)
  show(feedback)
  try {
    await api.conversations.rateMessage({
      id: conversationId,
      messageId: id,
      value: feedback?.value ?? null,
      ...(feedback?.reason ? { reason: feedback.reason } : {}),
    })
  } catch (error) {
    if (latest.get(id) !== turn) return
    show(message.feedback)
    showError(error, t('conversation.feedback.failed'))
  }
}
