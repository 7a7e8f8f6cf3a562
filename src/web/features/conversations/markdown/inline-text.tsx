import { ExternalLink } from 'lucide-react'
import type { ReactNode } from 'react'
import { hostOf, type Inline, parseInline, type References, safeUrl } from '../../../../markdown/index.ts'
import { Formula } from './formula.tsx'
import { t } from '../../../strings/index.ts'

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

/** A picture somewhere else would tell its host who reads this and when. So it opens on a press, apart, and without saying where from. */
function RemoteImage({ url, alt }: { url: string; alt: string }) {
  const href = safeUrl(url)
  if (href === undefined || href.startsWith('mailto:')) return alt
  return (
    <a className="md-image" href={href} target="_blank" rel="noopener noreferrer nofollow">
      <ExternalLink size={14} strokeWidth={1.75} aria-hidden />
      {alt ? t('conversation.image', { alt, host: hostOf(href) }) : t('conversation.image.untitled', { host: hostOf(href) })}
    </a>
  )
}
