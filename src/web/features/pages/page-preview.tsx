import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Page } from '../../../contract/pages.ts'
import { query } from '../../api.ts'
import { ErrorState } from '../../ui/states.tsx'
import { s } from './strings.ts'
import type { PageDraft } from './use-page-form.ts'

const pauseMs = 200

/** The page as the server draws it with what is being typed. Its frame may run nothing and go nowhere. */
export function PagePreview({ pageId, draft }: { pageId: Page['id']; draft: PageDraft }) {
  const [colours, setColours] = useState<'light' | 'dark'>(() => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'))
  const { theme } = draft
  // A frame has the colours of the device, which are not those that somebody wants to look at.
  const shown = { ...draft, theme: theme.scheme === 'system' ? { ...theme, scheme: colours } : theme }
  const input = useSettled({ pageId, ...shown })
  const preview = useQuery(query.pages.preview.queryOptions({ input, placeholderData: keepPreviousData, gcTime: 0 }))

  return (
    <section className="page-preview" aria-label={s('preview.title')}>
      {theme.scheme === 'system' && (
        <div className="page-preview-colours" role="group" aria-label={s('preview.scheme')}>
          {(['light', 'dark'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={colours === one} onClick={() => setColours(one)}>
              {s(`preview.${one}`)}
            </button>
          ))}
        </div>
      )}
      {preview.isError && !preview.data && <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />}
      {/* The style sheet is a file of this origin, which a frame without an origin could not load; scripts stay forbidden. */}
      <iframe title={s('preview.title')} sandbox="allow-same-origin" srcDoc={preview.data?.html ?? ''} />
    </section>
  )
}

/** The value once it has stood still for a moment. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value)
  const text = JSON.stringify(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text) as Value), pauseMs)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
