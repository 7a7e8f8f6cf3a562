import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import type { LucideIcon } from 'lucide-react'
import { type ReactNode, useDeferredValue, useState } from 'react'
import { Button } from './button.tsx'
import { RowListSkeleton } from './row-list.tsx'
import { EmptyState, ErrorState } from './states.tsx'
import './field.css'
import './library.css'

/** What somebody types to find something of their library, and what is looked for a moment later. */
export function useLibrarySearch() {
  const [typed, setTyped] = useState('')
  return { typed, setTyped, search: useDeferredValue(typed.trim()) }
}

interface Props<Item> {
  list: Pick<UseInfiniteQueryResult, 'isPending' | 'isError' | 'error' | 'refetch' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>
  /** Undefined until something has come. */
  found: readonly Item[] | undefined
  looking: ReturnType<typeof useLibrarySearch>
  icon: LucideIcon
  words: { list: string; search: string; none: string; noneText: string; noneFound: string; more: string }
  /** What to do where there is nothing yet. */
  firstStep: ReactNode
  /** Makes a list item of each. */
  children: (item: Item) => ReactNode
}

/** The screen of what a person keeps and uses again: found by typing, the rest by a button. */
export function Library<Item>({ list, found, looking: { typed, setTyped, search }, icon, words, firstStep, children }: Props<Item>) {
  return (
    <LibraryPage>
      {(search !== '' || (found && found.length > 0)) && (
        <input
          className="input library-search"
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      {list.isPending && <RowListSkeleton rows={4} />}
      {list.isError && !found && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {found?.length === 0 &&
        (search === '' ? (
          <EmptyState icon={icon} title={words.none} action={firstStep}>
            {words.noneText}
          </EmptyState>
        ) : (
          <EmptyState icon={icon} title={words.noneFound} />
        ))}
      {found && found.length > 0 && (
        <ul className="library-list" aria-label={words.list}>
          {found.map(children)}
        </ul>
      )}
      {list.hasNextPage && (
        <Button isPending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </LibraryPage>
  )
}

/** A column to read and write in, below the bar of a screen. */
export function LibraryPage({ children }: { children: ReactNode }) {
  return (
    <div className="library-scroll">
      <div className="library-page">{children}</div>
    </div>
  )
}
