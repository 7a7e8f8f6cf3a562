import { useState } from 'react'
import type { AnswerValues, ToolQuestion } from '../../../../../contract/tool-questions.ts'
import { api } from '../../../../api.ts'
import { ApiError, toApiError } from '../../../../errors.ts'
import { t } from '../../../../strings/index.ts'
import { showError } from '../../../../ui/toast.tsx'

export type Action = 'accept' | 'decline' | 'cancel'

/** One answer; what becomes of the call comes with its stream. */
export function useAnswer({ id }: ToolQuestion) {
  const [sent, setSent] = useState<Action | null>(null)
  const [errors, setErrors] = useState<Record<string, string>>({})

  async function answer(action: Action, values: AnswerValues = {}) {
    if (sent) return
    setSent(action)
    setErrors({})
    try {
      await api.toolQuestions.answer({ id, action, values })
    } catch (thrown) {
      setSent(null)
      const error = toApiError(thrown)
      const wrong = error.issues.filter(({ path }) => path[0] === 'values' && path.length > 1)
      if (wrong.length > 0) return setErrors(Object.fromEntries(wrong.map(({ path, message }) => [String(path[1]), message])))
      // Answered on another device.
      if (!(thrown instanceof ApiError && thrown.code === 'tool-question.answered')) showError(error, t('conversation.question.failed'))
    }
  }
  return { sent, errors, answer }
}
