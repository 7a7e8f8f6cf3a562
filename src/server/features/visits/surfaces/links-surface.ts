import type { Component } from '../../../platform/a2ui/index.ts'
import type { Surface } from '../../tools/index.ts'
import { column, madeSurface, text } from './made-surface.ts'

export interface ShownLink {
  id: string
  title: string
  description: string | null
  href: string
}

/** A card for each link, with a button that opens it. */
export function linksSurface(links: readonly ShownLink[]): Promise<Surface> {
  const cards = links.flatMap(({ title, description, href }, index): Component[] => {
    const id = (part: string) => `link-${index}-${part}`
    return [
      { id: id('card'), component: 'Card', child: id('column') },
      column(id('column'), [id('open'), ...(description ? [id('about')] : [])]),
      {
        id: id('open'),
        component: 'Button',
        variant: 'borderless',
        child: id('title'),
        action: { functionCall: { call: 'openUrl', args: { url: href }, returnType: 'void' } },
      },
      text(id('title'), title, 'h4'),
      ...(description ? [text(id('about'), description, 'caption')] : []),
    ]
  })
  const root = column(
    'root',
    links.map((_, index) => `link-${index}-card`),
  )
  const fallback = links.map(({ title, description, href }) => `${title}${description ? ` – ${description}` : ''}\n${href}`).join('\n\n')
  return madeSurface([root, ...cards], fallback)
}
