import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { Notice } from '../../ui/states.tsx'
import { a } from './strings.ts'

/** What the frame says; see public/frames/artifact.html. */
type Said = { type: 'ready' | 'here' | 'refused' }

const askEveryMs = 2_000
/** A frame that is silent for longer is busy for good. */
const maxUnanswered = 3

/**
 * Runs what a model wrote in a frame without an origin: no cookie, no storage, no request, nothing of this page. All that it can say is that something
 * was refused, and that it is there; whoever forges that gains nothing.
 */
export function ArtifactFrame({ html, title }: { html: string; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const unanswered = useRef(0)
  const [isRefused, setRefused] = useState(false)
  const [isSilent, setSilent] = useState(false)
  const show = useEffectEvent(() => frame.current?.contentWindow?.postMessage({ type: 'show', html, title }, '*'))

  useEffect(() => {
    let isReady = false
    const listen = ({ source, data }: MessageEvent<Said | null>) => {
      if (source === null || source !== frame.current?.contentWindow) return
      if (data?.type === 'ready' && !isReady) {
        isReady = true
        show()
      } else if (data?.type === 'refused') setRefused(true)
      else if (data?.type === 'here') {
        unanswered.current = 0
        setSilent(false)
      }
    }
    addEventListener('message', listen)
    const timer = setInterval(() => {
      if (!isReady || document.visibilityState === 'hidden') return
      if (unanswered.current >= maxUnanswered) setSilent(true)
      unanswered.current += 1
      frame.current?.contentWindow?.postMessage({ type: 'ask' }, '*')
    }, askEveryMs)
    return () => {
      removeEventListener('message', listen)
      clearInterval(timer)
    }
  }, [])

  return (
    <>
      {isSilent && <Notice tone="warning">{a('silent')}</Notice>}
      {isRefused && <Notice>{a('refused')}</Notice>}
      <iframe ref={frame} className="artifact-frame" sandbox="allow-scripts" src="/frames/artifact.html" title={title} />
    </>
  )
}
