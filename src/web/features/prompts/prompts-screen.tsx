import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { FileDown, FileUp, Plus, TextQuote, Trash2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { PromptSummary } from '../../../contract/prompts.ts'
import { query } from '../../api.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { formatAgo } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Library, useLibrarySearch } from '../../ui/library.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { saveAllPrompts } from './prompt-file.ts'
import { p, syntax } from './strings.ts'
import { useDeletePrompt } from './use-delete-prompt.ts'
import './prompts.css'

const ImportDialog = lazy(() => import('./import-dialog.tsx').then((module) => ({ default: module.ImportDialog })))

/** Every prompt that can be used here, the last used first. */
export function PromptsScreen() {
  const { id: workspaceId } = useWorkspace()
  const navigate = useNavigate()
  const looking = useLibrarySearch()
  const { search } = looking
  const list = useInfiniteQuery(
    query.prompts.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ workspaceId, ...(search && { search }), ...(cursor !== undefined && { cursor }) }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  )
  const found = list.data?.pages.flatMap((page) => page.prompts)
  const [isImporting, setImporting] = useState(false)
  async function save() {
    try {
      const count = await saveAllPrompts(workspaceId)
      showToast({ title: p('export.done', { count }) })
    } catch (error) {
      showError(error, p('export.failed'))
    }
  }
  const write = () => void navigate({ to: '/prompts/$promptId', params: { promptId: 'new' } })

  return (
    <>
      <ScreenBar
        title={p('title')}
        actions={
          <>
            <IconButton icon={FileDown} label={p('export.all')} onClick={() => void save()} />
            <IconButton icon={FileUp} label={p('import.open')} onClick={() => setImporting(true)} />
            <Button size="s" icon={Plus} onClick={write}>
              {p('new')}
            </Button>
          </>
        }
      />
      <Suspense>{isImporting && <ImportDialog onClose={() => setImporting(false)} />}</Suspense>
      <Library
        list={list}
        found={found}
        looking={looking}
        icon={TextQuote}
        words={{
          list: p('list.label'),
          search: p('list.search'),
          none: p('list.none'),
          noneText: p('list.none.text', syntax),
          noneFound: p('list.none.found', { search }),
          more: p('list.more'),
        }}
        firstStep={
          <Button variant="primary" icon={Plus} onClick={write}>
            {p('slash.write')}
          </Button>
        }
      >
        {(prompt) => <Row key={prompt.id} prompt={prompt} />}
      </Library>
    </>
  )
}

function Row({ prompt }: { prompt: PromptSummary }) {
  const { id, name, preview, variables, usedAt, isMine, visibility } = prompt
  const workspace = useWorkspace()
  const remove = useDeletePrompt()
  const facts = [
    variables.length > 0 ? p('list.variables', { count: variables.length }) : '',
    usedAt ? p('list.used', { when: formatAgo(usedAt) }) : p('list.unused'),
    isMine ? (visibility === 'workspace' ? p('list.shared', { name: workspace.name }) : '') : p('list.others', { name: workspace.name }),
  ]
  return (
    <li>
      <Link to="/prompts/$promptId" params={{ promptId: id }} className="prompts-row">
        <span className="prompts-row-name">{name}</span>
        <span className="prompts-row-text">{preview}</span>
        <span className="prompts-row-facts">{facts.filter(Boolean).join(' · ')}</span>
      </Link>
      {isMine && <IconButton icon={Trash2} label={`${p('delete')} ${name}`} onClick={() => void remove(prompt)} />}
    </li>
  )
}
