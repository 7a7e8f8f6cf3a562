import type { Message, TurnState } from '../../../../contract/messages.ts'
import type { Model } from '../../../../contract/models.ts'
import { t } from '../../../strings/index.ts'

interface Props {
  model: Model | undefined
  answer: Message['answer'] | undefined
  state: TurnState | undefined
  isTypedElsewhere: boolean
}

/** Which key pays, and what the keyboard does now. */
export function Hint({ model, answer, state, isTypedElsewhere }: Props): string {
  if (state === 'waiting') return t('conversation.hint.waiting')
  if (answer) {
    if (answer.provider === 'built-in') return t('conversation.hint.answering.free')
    return t('conversation.hint.answering', { key: t(`conversation.key.${answer.keyOrigin}`) })
  }
  if (isTypedElsewhere) return t('conversation.hint.typing')
  if (!model) return ''
  return model.price.origin === 'free'
    ? t('conversation.hint.free')
    : t('conversation.hint.idle', { key: t(`conversation.key.${model.keyOrigin}`) })
}
