import { useEffect, useState } from 'react'
import type { ReasoningPart } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { formatDuration } from '../../../strings/format.ts'
import { Markdown } from '../markdown/markdown.tsx'
import { Disclosure } from './disclosure.tsx'

export function ReasoningRow({ part, isLive }: { part: ReasoningPart; isLive: boolean }) {
  const isThinking = isLive && part.durationMs === null
  return (
    <Disclosure summary={isThinking ? <Thinking /> : <Thought durationMs={part.durationMs} />}>
      <div className="work-reasoning">
        <Markdown text={part.text} isStreaming={isThinking} />
      </div>
    </Disclosure>
  )
}

function Thought({ durationMs }: { durationMs: number | null }) {
  return (
    <span>
      <b>{t('conversation.thought')}</b> {durationMs !== null && t('conversation.thought.for', { duration: formatDuration(durationMs) })}
    </span>
  )
}

/** Counts from when it was first seen here; how long it really took is known when it ends. */
function Thinking() {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const start = Date.now()
    const timer = setInterval(() => setSeconds(Math.round((Date.now() - start) / 1000)), 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <span className="work-live">
      <b>{t('conversation.thinking')}</b>
      <span aria-hidden>…</span>
      {seconds > 1 && <span className="numeric"> {seconds} s</span>}
    </span>
  )
}
