import type { Message, TurnState } from '../../../../contract/messages.ts'
import type { Model } from '../../../../contract/models.ts'
import { useHasKeyboard } from './has-keyboard.ts'
import { useIsConnected } from '../live/live.ts'
import { t } from '../../../strings/index.ts'

interface Props {
  model: Model | undefined
  answer: Message['answer'] | undefined
  state: TurnState | undefined
  isTypedElsewhere: boolean
}

/** Which key pays, and what the keyboard does now. Without a connection nobody knows who pays: nothing is being answered here. */
export function Hint({ model, answer, state, isTypedElsewhere }: Props): string {
  const hasKeyboard = useHasKeyboard()
  const isConnected = useIsConnected()
  const isActive = answer !== undefined
  const keys = hasKeyboard ? t(isActive ? 'conversation.hint.keys.stop' : 'conversation.hint.keys.send') : ''
  return [
    isTypedElsewhere && !isActive ? t('conversation.hint.typing') : isConnected || state === 'waiting' ? payer(model, answer, state) : '',
    keys,
  ]
    .filter(Boolean)
    .join(' · ')
}

function payer(model: Model | undefined, answer: Message['answer'] | undefined, state: TurnState | undefined): string {
  if (state === 'waiting') return t('conversation.hint.waiting')
  if (answer?.provider === 'built-in') return t('conversation.hint.answering.free')
  if (answer) return t('conversation.hint.answering', { key: t(`conversation.key.${answer.keyOrigin}`) })
  if (!model) return ''
  return model.price.origin === 'free'
    ? t('conversation.hint.free')
    : t('conversation.hint.idle', { key: t(`conversation.key.${model.keyOrigin}`) })
}
