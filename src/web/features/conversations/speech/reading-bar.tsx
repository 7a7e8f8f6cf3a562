import { Pause, Play, Square } from 'lucide-react'
import { useEffect } from 'react'
import type { ConversationId } from '../../../../contract/ids.ts'
import { t } from '../../../strings/index.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { goOnReading, pauseReading, stopReading, useReading } from './reader.ts'
import './reading-bar.css'

/** While an answer is read aloud. Leaving the conversation ends it. */
export function ReadingBar({ conversationId }: { conversationId: ConversationId }) {
  const reading = useReading()
  useEffect(() => {
    addEventListener('pagehide', stopReading)
    return () => {
      removeEventListener('pagehide', stopReading)
      stopReading()
    }
  }, [conversationId])
  if (!reading) return null
  const isPaused = reading.state === 'paused'
  return (
    <div className="reading-bar" role="group" aria-label={t('conversation.aloud.label')}>
      <span role="status">{isPaused ? t('conversation.aloud.paused') : t('conversation.aloud.reading')}</span>
      <IconButton
        size="s"
        icon={isPaused ? Play : Pause}
        label={isPaused ? t('conversation.aloud.go_on') : t('conversation.aloud.pause')}
        onClick={isPaused ? goOnReading : pauseReading}
      />
      <IconButton size="s" icon={Square} label={t('conversation.aloud.stop')} onClick={stopReading} />
    </div>
  )
}
