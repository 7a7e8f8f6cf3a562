import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useState } from 'react'
import type { Prompt, PromptVersion, PromptVersionSummary } from '../../../contract/prompts.ts'
import { api, query } from '../../api.ts'
import { formatAgo, formatInstant } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField } from '../../ui/field.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { DiffView } from './diff-view.tsx'
import { p } from './strings.ts'
import '../../ui/popup.css'
import './diff-view.css'

/** What a prompt said before: compared with what it says now or said before that, and brought back. */
export function PromptHistory({ prompt, onClose }: { prompt: Prompt; onClose: () => void }) {
  const [chosenId, setChosenId] = useState<string>(prompt.versionId)
  const list = useInfiniteQuery(
    query.prompts.listVersions.infiniteOptions({
      input: (cursor: string | undefined) => ({ id: prompt.id, ...(cursor !== undefined && { cursor }) }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      // It is opened to see what is there now.
      staleTime: 0,
    }),
  )
  const versions = list.data?.pages.flatMap((page) => page.versions)
  const chosen = versions?.find(({ id }) => id === chosenId) ?? versions?.[0]
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} width="l" title={p('history.title', { name: prompt.name })}>
      {list.isPending && <RowListSkeleton rows={3} />}
      {list.isError && !versions && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {versions && chosen && (
        <div className="history">
          <nav className="history-list" aria-label={p('history.list')}>
            {versions.map((version, index) => (
              <button
                key={version.id}
                type="button"
                className="menu-item"
                aria-current={version.id === chosen.id}
                onClick={() => setChosenId(version.id)}
              >
                <span className="menu-item-label">
                  {p('history.version', { number: version.number })}
                  <span className="menu-item-detail" title={formatInstant(version.createdAt)}>
                    {[
                      index === 0 ? p('history.newest') : '',
                      formatAgo(version.createdAt),
                      version.usedAt ? p('history.used', { when: formatAgo(version.usedAt) }) : '',
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </span>
              </button>
            ))}
            {list.hasNextPage && (
              <Button size="s" isPending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {p('history.more')}
              </Button>
            )}
          </nav>
          <Shown
            key={chosen.id}
            prompt={prompt}
            chosen={chosen}
            newest={versions[0]!}
            before={versions.find(({ number }) => number < chosen.number)}
            onRestored={setChosenId}
          />
        </div>
      )}
    </Dialog>
  )
}

interface ShownProps {
  prompt: Prompt
  chosen: PromptVersionSummary
  newest: PromptVersionSummary
  before: PromptVersionSummary | undefined
  onRestored: (versionId: string) => void
}

function Shown({ prompt, chosen, newest, before, onRestored }: ShownProps) {
  const isNewest = chosen.id === newest.id
  const [shows, setShows] = useState<'newest' | 'before' | 'text'>(isNewest ? 'before' : 'newest')
  const text = useVersion(chosen)
  const other = useVersion(shows === 'newest' ? newest : shows === 'before' ? before : undefined)
  const failed = text.error ?? other.error
  const ways = (['newest', 'before', 'text'] as const).filter((one) => one !== 'newest' || !isNewest)
  return (
    <div className="history-shown">
      <SelectField
        label={p('history.compare')}
        value={shows}
        onChange={setShows}
        options={ways.map((value) => ({ value, label: p(`history.compare.${value}`) }))}
      />
      {failed ? (
        <ErrorState
          error={failed}
          onRetry={() => {
            void text.refetch()
            if (other.isError) void other.refetch()
          }}
        />
      ) : (
        <Compared shows={shows} text={text.data} other={other.data} isFirst={shows === 'before' && !before} />
      )}
      {!isNewest && prompt.isMine && <Restore chosen={chosen} newest={newest} onRestored={onRestored} />}
    </div>
  )
}

/** A version that was used never changes; one that was not may. */
const useVersion = (version: PromptVersionSummary | undefined) =>
  useQuery({
    ...query.prompts.getVersion.queryOptions({ input: { versionId: version?.id as PromptVersionSummary['id'] } }),
    enabled: version !== undefined,
    staleTime: version?.usedAt ? Infinity : 0,
  })

interface ComparedProps {
  shows: 'newest' | 'before' | 'text'
  text: PromptVersion | undefined
  other: PromptVersion | undefined
  isFirst: boolean
}

function Compared({ shows, text, other, isFirst }: ComparedProps) {
  if (!text || (shows !== 'text' && !isFirst && !other)) return <Skeleton width="100%" height="10rem" />
  if (shows === 'text' || !other)
    return (
      <>
        {isFirst && <p className="field-help">{p('history.first')}</p>}
        <pre className="history-text" tabIndex={0} role="region" aria-label={p('history.version', { number: text.number })}>
          {text.content}
        </pre>
      </>
    )
  return shows === 'newest' ? (
    <DiffView before={text.content} after={other.content} />
  ) : (
    <DiffView before={other.content} after={text.content} />
  )
}

function Restore({ chosen, newest, onRestored }: Pick<ShownProps, 'chosen' | 'newest' | 'onRestored'>) {
  const client = useQueryClient()
  const [isPending, setPending] = useState(false)
  const next = newest.number + 1
  const restore = async () => {
    setPending(true)
    try {
      const restored = await api.prompts.restoreVersion({ versionId: chosen.id })
      client.setQueryData(query.prompts.get.queryKey({ input: { id: restored.id } }), restored)
      await client.invalidateQueries({ queryKey: query.prompts.listVersions.key({ input: { id: restored.id } }) })
      void client.invalidateQueries({ queryKey: query.prompts.list.key() })
      onRestored(restored.versionId)
      showToast({ title: p('history.restored', { number: chosen.number, next: restored.version }) })
    } catch (error) {
      showError(error, p('history.restore.failed'))
    }
    setPending(false)
  }
  return (
    <div>
      <Button icon={History} isPending={isPending} onClick={() => void restore()}>
        {p('history.restore', { number: chosen.number })}
      </Button>
      <p className="field-help">{p('history.restore.help', { next })}</p>
    </div>
  )
}
