import { Fragment, type ReactNode, useLayoutEffect, useRef, useState } from 'react'

/** Blocks that are drawn, or not, together. A message with fewer than two sections is simply drawn. */
const size = 40
/** Drawn this far before it comes into view. */
const margin = '1600px 0px'

const scrollerOf = (element: Element): Element | null => element.closest('[data-scroller]')

/**
 * Draws of a very long message only what is near the reader. A section that is far away keeps its place by its last height, or by an estimate; if
 * it turns out higher or lower above the reader, the page is moved by the difference, so that what is being read stays where it is.
 */
export function Sections({
  count,
  estimate,
  children,
}: {
  count: number
  estimate: (index: number) => number
  children: (index: number) => ReactNode
}) {
  if (count <= size * 2) return Array.from({ length: count }, (_, index) => children(index))
  return Array.from({ length: Math.ceil(count / size) }, (_, section) => {
    const from = section * size
    const to = Math.min(count, from + size)
    // The end is where somebody arrives, and where text grows.
    return <Section key={section} from={from} to={to} isNearAtFirst={to === count || from === 0} estimate={estimate} draw={children} />
  })
}

interface SectionProps {
  from: number
  to: number
  isNearAtFirst: boolean
  estimate: (index: number) => number
  draw: (index: number) => ReactNode
}

function Section({ from, to, isNearAtFirst, estimate, draw }: SectionProps) {
  const element = useRef<HTMLDivElement>(null)
  const indexes = Array.from({ length: to - from }, (_, offset) => from + offset)
  const [{ isNear, height }, setPlace] = useState(() => ({
    isNear: isNearAtFirst,
    height: indexes.reduce((sum, index) => sum + estimate(index), 0),
  }))

  useLayoutEffect(() => {
    const section = element.current
    if (!section) return
    const observer = new IntersectionObserver(
      (entries) => {
        const isIntersecting = entries.at(-1)?.isIntersecting === true
        setPlace((place) => {
          if (place.isNear === isIntersecting) return place
          return isIntersecting ? { ...place, isNear: true } : { isNear: false, height: section.offsetHeight }
        })
      },
      { root: scrollerOf(section), rootMargin: margin },
    )
    observer.observe(section)
    return () => observer.disconnect()
  }, [])

  const wasNear = useRef(isNear)
  useLayoutEffect(() => {
    const isDrawn = isNear && !wasNear.current
    wasNear.current = isNear
    const section = element.current
    const scroller = section && scrollerOf(section)
    if (!isDrawn || !scroller) return
    const growth = section.offsetHeight - height
    const isAbove = section.getBoundingClientRect().top + height <= scroller.getBoundingClientRect().top + 1
    if (isAbove && growth !== 0) scroller.scrollTop += growth
  }, [isNear, height])

  return (
    <div ref={element} className="md-section" style={isNear ? undefined : { height }}>
      {isNear && indexes.map((index) => <Fragment key={index}>{draw(index)}</Fragment>)}
    </div>
  )
}
