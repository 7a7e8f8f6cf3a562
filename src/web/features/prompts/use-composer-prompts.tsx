import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { TextQuote } from 'lucide-react'
import { type KeyboardEvent, lazy, type ReactNode, type RefObject, Suspense, useId, useState } from 'react'
import { variablesOf } from '../../../contract/prompt-text.ts'
import type { McpPrompt } from '../../../contract/mcp-servers.ts'
import type { PromptSummary } from '../../../contract/prompts.ts'
import { query } from '../../api.ts'
import { newKey } from '../../new-key.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { showError } from '../../ui/toast.tsx'
import { useMe } from '../people/me.ts'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { namesMemory } from './built-in-values.ts'
import { joinPanels, type Panel, usePanels } from './panels.ts'
import type { Choice } from './choice.ts'
import { optionId, PromptList } from './prompt-list.tsx'
import { PromptPanels } from './prompt-panels.tsx'
import { type Slash, slashAt, withoutSlash } from './slash.ts'
import { p } from './strings.ts'

const FillPromptDialog = lazy(() => import('./fill-prompt-dialog.tsx').then((module) => ({ default: module.FillPromptDialog })))

const ServerPromptDialog = lazy(() => import('./server-prompt-dialog.tsx').then((module) => ({ default: module.ServerPromptDialog })))

interface Field {
  draftKey: string
  text: string
  setText: (text: string) => void
  field: RefObject<HTMLTextAreaElement | null>
}

export interface ComposerPrompts {
  /** Whether there is something to send without a word being written. */
  isFilled: boolean
  /** What is sent for what is written. */
  join: (text: string) => string
  clear: () => void
  /** To be called with what was typed, once it is in the field. */
  onTyped: (text: string, caret: number) => void
  /** Whether the key was meant for the list. */
  onKeyDown: (event: KeyboardEvent) => boolean
  onBlur: () => void
  fieldProps: Record<string, unknown>
  panels: ReactNode
  popup: ReactNode
  button: ReactNode
  dialog: ReactNode
}

/** Prompts in a field that messages are written in: `/` lists them, a form asks for their variables, panels above the field hold them. */
export function useComposerPrompts({ draftKey, text, setText, field }: Field): ComposerPrompts {
  const listId = useId()
  const client = useQueryClient()
  const { name: user } = useMe()
  const { id: workspaceId } = useWorkspace()
  const [panels, setPanels] = usePanels(draftKey)
  const [slash, setSlash] = useState<(Slash & { isOurs?: boolean }) | null>(null)
  const [activeIndex, setActiveIndex] = useState(0)
  const [filling, setFilling] = useState<Panel | null>(null)
  const [asked, setAsked] = useState<McpPrompt | null>(null)
  const found = usePrompts(slash)
  const active = slash ? found?.[activeIndex] : undefined
  // It is there by the time it is chosen.
  useQuery({
    ...query.prompts.get.queryOptions({ input: { id: active?.id as PromptSummary['id'] } }),
    enabled: active !== undefined && !active.server,
  })
  // That it was used is for the order of the list and for what may be changed; a prompt that is gone meanwhile is put in all the same.
  const use = useMutation(
    query.prompts.use.mutationOptions({ onSettled: () => client.invalidateQueries({ queryKey: query.prompts.list.key() }) }),
  )

  function close() {
    setSlash(null)
    setActiveIndex(0)
  }

  async function choose(choice: Choice) {
    if (!slash) return
    if (choice.server) {
      close()
      setText(withoutSlash(text, slash))
      setAsked(choice.server)
      return
    }
    const { id } = choice
    try {
      const { name, content, version } = await client.fetchQuery(
        query.prompts.get.queryOptions({ input: { id: id as PromptSummary['id'] } }),
      )
      const { memory } = namesMemory(content)
        ? await client.fetchQuery(query.prompts.readValues.queryOptions({ input: { workspaceId } }))
        : { memory: undefined }
      use.mutate({ id: id as PromptSummary['id'], version })
      close()
      setText(withoutSlash(text, slash))
      const panel: Panel = { key: newKey(), name, content, values: {}, memory }
      if (variablesOf(content).length === 0) setPanels([...panels, panel])
      else setFilling(panel)
    } catch (error) {
      showError(error, p('slash.failed'))
    }
  }

  function put(panel: Panel) {
    const isThere = panels.some(({ key }) => key === panel.key)
    setPanels(isThere ? panels.map((one) => (one.key === panel.key ? panel : one)) : [...panels, panel])
    setFilling(null)
    field.current?.focus()
  }

  /** For whoever has no `/` at hand. */
  function open() {
    const begun = text === '' || text.endsWith('\n') ? `${text}/` : `${text}\n/`
    setText(begun)
    setSlash({ from: begun.length - 1, to: begun.length, search: '', isOurs: true })
    field.current?.focus()
    // The caret goes where the text is going to be.
    requestAnimationFrame(() => field.current?.setSelectionRange(begun.length, begun.length))
  }

  function dismiss() {
    if (slash?.isOurs) setText(withoutSlash(text, slash))
    close()
  }

  function onKeyDown(event: KeyboardEvent): boolean {
    if (!slash) return false
    const count = found?.length ?? 0
    if (event.key === 'Escape') dismiss()
    else if (count > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp'))
      setActiveIndex((activeIndex + (event.key === 'ArrowDown' ? 1 : count - 1)) % count)
    else if (active && !event.shiftKey && (event.key === 'Enter' || event.key === 'Tab')) void choose(active)
    else return false
    event.preventDefault()
    return true
  }

  return {
    isFilled: panels.length > 0,
    join: (written) => joinPanels(panels, written, user),
    clear: () => setPanels([]),
    onTyped(typed, caret) {
      const next = slashAt(typed, caret)
      // One that was dismissed stays so until its line begins anew.
      const isDismissed = slash === null && next !== null && next.search !== ''
      if (next === null || isDismissed) close()
      else setSlash({ ...next, ...(slash?.isOurs && { isOurs: true }) })
      setActiveIndex(0)
    },
    onKeyDown,
    onBlur: close,
    fieldProps: {
      'aria-haspopup': 'listbox',
      'aria-autocomplete': 'list',
      'aria-controls': slash ? listId : undefined,
      'aria-activedescendant': active ? optionId(listId, activeIndex) : undefined,
    },
    panels: panels.length > 0 && (
      <PromptPanels
        panels={panels}
        onEdit={setFilling}
        onRemove={(panel) => {
          setPanels(panels.filter((one) => one !== panel))
          field.current?.focus()
        }}
      />
    ),
    popup: slash && (
      <PromptList
        id={listId}
        prompts={found}
        isSearching={slash.search !== ''}
        activeIndex={activeIndex}
        onActive={setActiveIndex}
        onChoose={(prompt) => void choose(prompt)}
      />
    ),
    button: (
      <IconButton icon={TextQuote} label={p('slash.open')} shortcut="/" onPointerDown={(event) => event.preventDefault()} onClick={open} />
    ),
    dialog: asked ? (
      <Suspense>
        <ServerPromptDialog
          prompt={asked}
          onInsert={(panel) => {
            setAsked(null)
            put(panel)
          }}
          onClose={() => {
            setAsked(null)
            field.current?.focus()
          }}
        />
      </Suspense>
    ) : (
      filling && (
        <Suspense>
          <FillPromptDialog
            prompt={filling}
            initial={filling.values}
            onInsert={(values) => put({ ...filling, values })}
            onClose={() => setFilling(null)}
          />
        </Suspense>
      )
    ),
  }
}

/** What matches so far is shown while the server looks. At once: whoever types on and presses Enter means what they typed. */
function usePrompts(slash: Slash | null): readonly Choice[] | undefined {
  const { id: workspaceId } = useWorkspace()
  const search = slash?.search ?? ''
  const { data, isPlaceholderData } = useQuery({
    ...query.prompts.list.queryOptions({ input: { workspaceId, limit: 20, ...(search && { search }) } }),
    enabled: slash !== null,
    placeholderData: keepPreviousData,
  })
  const ofServers = useQuery({ ...query.mcpServers.listPrompts.queryOptions({ input: { workspaceId } }), enabled: slash !== null })
  const wanted = search.toLowerCase()
  const isWanted = ({ name, preview }: Pick<Choice, 'name' | 'preview'>) => `${name} ${preview}`.toLowerCase().includes(wanted)
  if (!data) return undefined
  const own: Choice[] = data.prompts.map(({ id, name, preview, variables }) => ({ id, name, preview, variableCount: variables.length }))
  const offered: Choice[] = (ofServers.data ?? []).map((server) => ({
    id: server.id,
    name: server.title ?? server.name,
    preview: server.description,
    variableCount: server.arguments.length,
    server,
  }))
  return [...(isPlaceholderData ? own.filter(isWanted) : own), ...offered.filter(isWanted).slice(0, 20)]
}
