import type { ReactNode } from 'react'
import { type Inline, parseInline, type References, safeUrl } from '../../../../markdown/index.ts'
import { Formula } from './formula.tsx'
import { RemoteImage } from './remote-image.tsx'

/** Marks become elements one by one; no text is ever read as HTML. */
export function InlineText({ text, references, isOpen = false }: { text: string; references: References; isOpen?: boolean }): ReactNode {
  return parseInline(text, references, isOpen).map(draw)
}

function draw(node: Inline, key: number): ReactNode {
  if (typeof node === 'string') return node
  switch (node.type) {
    case 'break':
      return <br key={key} />
    case 'code':
      return <code key={key}>{node.text}</code>
    case 'formula':
      return <Formula key={key} tex={node.tex} source={node.source} isDisplay={node.isDisplay} />
    case 'strong':
      return <strong key={key}>{node.children.map(draw)}</strong>
    case 'em':
      return <em key={key}>{node.children.map(draw)}</em>
    case 'del':
      return <del key={key}>{node.children.map(draw)}</del>
    case 'link':
      return (
        <Link key={key} url={node.url} title={node.title}>
          {node.children.map(draw)}
        </Link>
      )
    case 'image':
      return <RemoteImage key={key} url={node.url} alt={node.alt} />
  }
}

function Link({ url, title, children }: { url: string; title: string; children: ReactNode }) {
  const href = safeUrl(url)
  if (href === undefined) return children
  // Where it leads is said before it is followed, whatever its text claims.
  return (
    <a href={href} title={title ? `${title} · ${href}` : href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}
