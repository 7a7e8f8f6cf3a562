import { type Ref, useLayoutEffect, useRef, useState } from 'react'
import { t } from '../../../strings/index.ts'
import { onDemand, useOnDemand } from '../../../ui/on-demand.ts'

/** What draws formulas is large, and most conversations have none. */
const drawing = onDemand(() => import('./draw-formula.ts'))

interface Props {
  tex: string
  /** As it was written, with its marks. */
  source: string
}

/** A formula within a sentence. Until it can be drawn, and where it cannot, it is the text it was written as. */
export function Formula({ tex, source, isDisplay }: Props & { isDisplay: boolean }) {
  const { place, isDrawn, isWrong } = useDrawn<HTMLSpanElement>(tex, isDisplay)
  return (
    <span className={isDisplay ? 'md-formula is-display' : 'md-formula'} data-tex={source}>
      <Source tex={source} isShown={!isDrawn} isWrong={isWrong} />
      <span ref={place} hidden={!isDrawn} />
    </span>
  )
}

/** A formula on lines of its own. Wider than the column it scrolls by itself, with the keyboard too. */
export function FormulaBlock({ tex, source }: Props) {
  const { place, isDrawn, isWrong } = useDrawn<HTMLDivElement>(tex, true)
  const [isWide, setWide] = useState(false)
  useLayoutEffect(() => {
    const drawn = place.current
    if (!drawn || !isDrawn) return
    const observer = new ResizeObserver(() => setWide(drawn.scrollWidth > drawn.clientWidth + 1))
    observer.observe(drawn)
    return () => observer.disconnect()
  }, [place, isDrawn])
  return (
    <div className="md-formula-block" data-tex={source}>
      <Source tex={source} isShown={!isDrawn} isWrong={isWrong} />
      <div
        ref={place}
        hidden={!isDrawn}
        className="md-formula-scroll"
        {...(isWide ? { tabIndex: 0, role: 'region', 'aria-label': t('conversation.formula') } : {})}
      />
    </div>
  )
}

function Source({ tex, isShown, isWrong }: { tex: string; isShown: boolean; isWrong: boolean }) {
  if (!isShown) return null
  return (
    <code className="md-tex" title={isWrong ? t('conversation.formula.wrong') : undefined}>
      {tex}
    </code>
  )
}

function useDrawn<Place extends HTMLElement>(
  tex: string,
  isDisplay: boolean,
): { place: Ref<Place> & { current: Place | null }; isDrawn: boolean; isWrong: boolean } {
  const place = useRef<Place>(null)
  const module = useOnDemand(drawing, true)
  const [drawn, setDrawn] = useState<{ tex: string; isRight: boolean }>()
  useLayoutEffect(() => {
    if (module && place.current) setDrawn({ tex, isRight: module.drawFormula(place.current, tex, isDisplay) })
  }, [module, tex, isDisplay])
  const isCurrent = drawn?.tex === tex
  return { place, isDrawn: isCurrent && drawn.isRight, isWrong: isCurrent && !drawn.isRight }
}
