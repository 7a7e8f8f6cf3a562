import { useEffect, useRef, useState } from 'react'
import type { HighlightAnswer, HighlightRequest, Token } from './highlight-tokens.ts'

/** Longer code stays plain: so many coloured elements cost more than they help. */
const maxLength = 60_000
const maxCached = 200
/** A grammar that runs away is stopped; its code stays plain. */
const patienceMs = 3000
/** Code that is still being written is looked at again at most so often. */
const pauseMs = 250

const cache = new Map<string, readonly Token[]>()
const pending = new Map<number, (tokens: readonly Token[]) => void>()
let worker: Worker | undefined
let lastId = 0

function start(): Worker {
  const started = new Worker(new URL('./highlight-worker.ts', import.meta.url), { type: 'module', name: 'highlight' })
  started.onmessage = ({ data }: MessageEvent<HighlightAnswer>) => {
    pending.get(data.id)?.(data.tokens)
    pending.delete(data.id)
  }
  return started
}

function ask(language: string, text: string): Promise<readonly Token[]> {
  worker ??= start()
  const id = (lastId += 1)
  const { promise, resolve } = Promise.withResolvers<readonly Token[]>()
  const giveUp = setTimeout(() => {
    worker?.terminate()
    worker = undefined
    for (const answer of pending.values()) answer([])
    pending.clear()
  }, patienceMs)
  pending.set(id, (tokens) => {
    clearTimeout(giveUp)
    resolve(tokens)
  })
  worker.postMessage({ id, language, text } satisfies HighlightRequest)
  return promise
}

function remember(key: string, tokens: readonly Token[]): void {
  cache.set(key, tokens)
  if (cache.size > maxCached) cache.delete(cache.keys().next().value!)
}

/**
 * The tokens of some code, as soon as they are known; before that those of its beginning, or none. Worked out in a worker that is loaded when the
 * first code is seen, so no code however odd holds up the page.
 */
export function useHighlight(language: string, text: string, isClosed: boolean): readonly Token[] {
  const [found, setFound] = useState<{ text: string; tokens: readonly Token[] }>()
  const latest = useRef(text)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const key = `${language}\0${text}`
  const cached = cache.get(key)

  useEffect(() => {
    latest.current = text
    if (language === '' || text.length > maxLength || cache.has(key)) return
    if (!isClosed && timer.current !== undefined) return
    clearTimeout(timer.current)
    const look = () => {
      timer.current = undefined
      const asked = latest.current
      void ask(language.toLowerCase(), asked).then((tokens) => {
        if (isClosed) remember(key, tokens)
        setFound({ text: asked, tokens })
      })
    }
    if (isClosed) look()
    else timer.current = setTimeout(look, pauseMs)
  }, [key, language, text, isClosed])
  useEffect(() => () => clearTimeout(timer.current), [])

  if (cached) return cached
  return found && text.startsWith(found.text) ? found.tokens : []
}
