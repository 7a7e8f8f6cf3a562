import { useEffect, useState } from 'react'
import type { ConversationId } from '../../../contract/ids.ts'
import { parseInline, plainText } from '../../../markdown/index.ts'
import { errorOfNotice } from '../../errors.ts'
import { t } from '../../strings/index.ts'
import { onAnswerEnded } from './live/live.ts'
import type { Answer } from './live/turn-stream.ts'
import { textOf } from './transcript/message-text.ts'
import { readTranscript } from './transcript/transcript-query.ts'
import { findByTurn } from './transcript/window.ts'

/** So much of an answer is read out by itself; the rest is there to be read at one's own pace. */
const maxSaid = 600

/** Says an answer once, when it is there, to those who cannot see it arrive. */
export function Announcer({ conversationId, isWaiting }: { conversationId: ConversationId; isWaiting: boolean }) {
  const [said, setSaid] = useState('')
  useEffect(
    () =>
      onAnswerEnded((id, answer) => {
        const window = readTranscript(conversationId)
        if (window && findByTurn(window, id)) setSaid(wordsOf(answer))
      }),
    [conversationId],
  )
  useEffect(() => {
    if (isWaiting) setSaid(t('conversation.said.waiting'))
  }, [isWaiting])
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {said}
    </div>
  )
}

function wordsOf(answer: Answer): string {
  if (answer.state === 'failed')
    return t('conversation.said.failed', { reason: errorOfNotice(answer.error ?? { code: 'internal' }).message })
  if (answer.state === 'stopped') return t('conversation.said.stopped')
  const text = plainText(parseInline(textOf(answer.parts).slice(0, 20_000), new Map()))
    .replace(/^[#>|\s-]+/gm, '')
    .replace(/\s+/g, ' ')
  if (text.length <= maxSaid) return t('conversation.said.completed', { text })
  const cut = text.slice(0, text.lastIndexOf(' ', maxSaid))
  return `${t('conversation.said.completed', { text: cut })} ${t('conversation.said.more', { count: text.split(' ').length })}`
}
