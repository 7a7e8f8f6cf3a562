import { useQuery } from '@tanstack/react-query'
import { ExternalLink, Image, Maximize2 } from 'lucide-react'
import { createContext, lazy, Suspense, useContext, useState } from 'react'
import type { ConversationId, MessageId } from '../../../../contract/ids.ts'
import { hostOf, safeUrl } from '../../../../markdown/index.ts'
import { query } from '../../../api.ts'
import { toApiError } from '../../../errors.ts'
import { t } from '../../../strings/index.ts'

const PictureDialog = lazy(() => import('./picture-dialog.tsx').then((module) => ({ default: module.PictureDialog })))

/** The message whose pictures these are: the server fetches those of messages only. */
export const PictureMessage = createContext<{ conversationId: ConversationId; messageId: MessageId } | null>(null)

/**
 * A picture somewhere else. Its address alone may carry away what was talked about, so nothing is fetched before somebody presses; then the server does,
 * and the host learns nothing of who reads.
 */
export function RemoteImage({ url, alt }: { url: string; alt: string }) {
  const message = useContext(PictureMessage)
  const [isWanted, setWanted] = useState(false)
  const href = safeUrl(url)
  if (href === undefined || href.startsWith('mailto:')) return alt
  const name = alt ? t('conversation.image', { alt, host: hostOf(href) }) : t('conversation.image.untitled', { host: hostOf(href) })
  if (!message)
    return (
      <a className="md-image" href={href} target="_blank" rel="noopener noreferrer nofollow">
        <ExternalLink size={14} strokeWidth={1.75} aria-hidden />
        {name}
      </a>
    )
  if (isWanted) return <Fetched url={url} href={href} alt={alt} name={name} {...message} />
  return (
    <button type="button" className="md-image" title={href} onClick={() => setWanted(true)}>
      <Image size={14} strokeWidth={1.75} aria-hidden />
      {t('conversation.image.show', { name })}
    </button>
  )
}

interface FetchedProps {
  conversationId: ConversationId
  messageId: MessageId
  url: string
  href: string
  alt: string
  name: string
}

function Fetched({ conversationId, messageId, url, href, alt, name }: FetchedProps) {
  const [isLarge, setLarge] = useState(false)
  const input = { id: conversationId, messageId, url }
  const picture = useQuery(query.pictures.fetch.queryOptions({ input, staleTime: Infinity, gcTime: 600_000, retry: false }))
  const { data } = picture
  if (!data)
    return (
      <span className="md-image" role="status">
        {picture.isError ? (
          <>
            {toApiError(picture.error).message}{' '}
            <a href={href} target="_blank" rel="noopener noreferrer nofollow">
              {name}
            </a>
          </>
        ) : (
          t('conversation.image.loading', { name })
        )}
      </span>
    )
  const source = `data:${data.type};base64,${data.base64}`
  return (
    <span className="md-picture">
      <button type="button" aria-label={`${t('conversation.picture.large')}: ${name}`} onClick={() => setLarge(true)}>
        <img src={source} width={data.width} height={data.height} alt={alt} />
        <Maximize2 size={16} strokeWidth={1.75} aria-hidden />
      </button>
      {isLarge && (
        <Suspense>
          <PictureDialog url={source} width={data.width} height={data.height} title={name} onClose={() => setLarge(false)} />
        </Suspense>
      )}
    </span>
  )
}
