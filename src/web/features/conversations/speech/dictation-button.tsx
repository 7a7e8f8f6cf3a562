import { Mic, MicOff } from 'lucide-react'
import { t } from '../../../strings/index.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { useDictation } from './dictation.ts'
import './dictation.css'

/** Only where the browser can listen. What it hears is shown beside the button until it is settled, and then joins the draft. */
export function DictationButton({ onText }: { onText: (text: string) => void }) {
  const { isSupported, isListening, interim, toggle } = useDictation(onText)
  if (!isSupported) return null
  return (
    <>
      {isListening && (
        <span className="dictation-heard" role="status">
          {interim || t('conversation.dictate.listening')}
        </span>
      )}
      <IconButton
        icon={isListening ? MicOff : Mic}
        aria-pressed={isListening}
        label={isListening ? t('conversation.dictate.stop') : t('conversation.dictate')}
        onClick={toggle}
      />
    </>
  )
}
