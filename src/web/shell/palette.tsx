import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import {
  Download,
  Highlighter,
  Keyboard,
  ListChecks,
  MessageSquare,
  Monitor,
  Moon,
  Quote,
  Search,
  Settings,
  SquarePen,
  Sun,
  TextQuote,
  Bot,
} from 'lucide-react'
import { type ReactNode, useDeferredValue, useState } from 'react'
import { query } from '../api.ts'
import { useMe } from '../features/people/me.ts'
import { searchOptions } from '../features/search/search-query.ts'
import { SnippetText } from '../features/search/snippet-text.tsx'
import { downloadConversation } from '../features/transfer/download.ts'
import { useWorkspace } from '../features/workspaces/current-workspace.ts'
import { settingsScreens } from '../features/settings/settings-screens.ts'
import { formatAgo } from '../strings/format.ts'
import { t } from '../strings/index.ts'
import { Kbd } from '../ui/kbd.tsx'
import { titleOf } from './conversation-actions.ts'
import { openOverlay } from './overlays.ts'
import '../ui/dialog.css'
import '../ui/popup.css'
import './palette.css'
import { useChooseTheme } from './use-choose-theme.ts'

interface Command {
  value: string
  label: string
  /** In place of the label. */
  content?: ReactNode
  icon: LucideIcon
  detail?: string
  shortcut?: string
  run: () => void
}

interface Section {
  value: string
  items: Command[]
}

export function Palette() {
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed.trim())
  const commands = useCommands()
  const conversations = useFoundConversations(search)
  const messages = useFoundMessages(search)

  const words = search.toLowerCase().split(/\s+/)
  const isWanted = (command: Command) => words.every((word) => command.label.toLowerCase().includes(word))
  const sections: Section[] = commands.map((section) => ({ ...section, items: section.items.filter(isWanted) }))
  // Somebody who typed is looking for a conversation more often than for a command; somebody who did not, for something to do.
  if (search === '') sections.splice(1, 0, { value: t('palette.conversations'), items: conversations.slice(0, 6) })
  else sections.unshift({ value: t('palette.conversations'), items: conversations }, { value: t('palette.messages'), items: messages })
  const shown = sections.filter((section) => section.items.length > 0)

  return (
    <Dialog.Root open onOpenChange={(open) => !open && openOverlay(null)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Viewport className="dialog-viewport palette-viewport">
          <Dialog.Popup className="palette" aria-label={t('palette.label')}>
            <Autocomplete.Root
              inline
              open
              items={shown}
              mode="none"
              autoHighlight="always"
              keepHighlight
              value={typed}
              onValueChange={(value, { reason }) => reason !== 'item-press' && setTyped(value)}
              itemToStringValue={(command: Command) => command.label}
            >
              <Autocomplete.Input className="palette-input" placeholder={t('palette.placeholder')} aria-label={t('palette.label')} />
              <Autocomplete.Empty className="palette-empty">{search === '' ? '' : t('palette.none', { search })}</Autocomplete.Empty>
              <Autocomplete.List className="palette-list">
                {(section: Section) => (
                  <Autocomplete.Group key={section.value} items={section.items}>
                    <Autocomplete.GroupLabel className="menu-label">{section.value}</Autocomplete.GroupLabel>
                    <Autocomplete.Collection>
                      {(command: Command) => (
                        <Autocomplete.Item
                          key={command.value}
                          value={command}
                          className="menu-item"
                          onClick={() => {
                            openOverlay(null)
                            command.run()
                          }}
                        >
                          <command.icon size={16} strokeWidth={1.75} aria-hidden />
                          <span className="menu-item-label palette-label">{command.content ?? command.label}</span>
                          {command.detail && <span className="palette-detail">{command.detail}</span>}
                          {command.shortcut && <Kbd keys={command.shortcut} />}
                        </Autocomplete.Item>
                      )}
                    </Autocomplete.Collection>
                  </Autocomplete.Group>
                )}
              </Autocomplete.List>
            </Autocomplete.Root>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function useFoundConversations(search: string): Command[] {
  const navigate = useNavigate()
  const workspace = useWorkspace()
  const found = useQuery(
    query.conversations.list.queryOptions({
      input: { workspaceId: workspace.id, limit: 20, ...(search === '' ? {} : { search }) },
      placeholderData: (before) => before,
      staleTime: 10_000,
    }),
  )
  return (found.data?.conversations ?? []).map((conversation) => ({
    value: conversation.id,
    label: titleOf(conversation),
    icon: MessageSquare,
    detail: formatAgo(conversation.updatedAt),
    run: () => void navigate({ to: '/c/$conversationId', params: { conversationId: conversation.id } }),
  }))
}

/** What was said in them, and the way to more of it. */
function useFoundMessages(search: string): Command[] {
  const navigate = useNavigate()
  const workspace = useWorkspace()
  const found = useQuery(searchOptions(workspace.id, { q: search }, 6))
  if (search === '') return []
  return [
    ...(found.data?.messages ?? []).map((message) => ({
      value: message.id,
      label: message.snippet.map(({ text }) => text).join(''),
      content: <SnippetText snippet={message.snippet} />,
      icon: Quote,
      detail: formatAgo(message.createdAt),
      run: () =>
        void navigate({ to: '/c/$conversationId', params: { conversationId: message.conversationId }, search: { message: message.id } }),
    })),
    {
      value: 'search',
      label: t('palette.search', { search }),
      icon: Search,
      run: () => void navigate({ to: '/search', search: { q: search } }),
    },
  ]
}

function useCommands(): Section[] {
  const navigate = useNavigate()
  const me = useMe()
  const workspace = useWorkspace()
  const [theme, chooseTheme] = useChooseTheme()
  const shown: string | undefined = useParams({ strict: false }).conversationId
  const themes = [
    { value: 'light', icon: Sun, label: t('palette.theme.light') },
    { value: 'dark', icon: Moon, label: t('palette.theme.dark') },
    { value: 'system', icon: Monitor, label: t('palette.theme.system') },
  ] as const
  return [
    {
      value: t('palette.actions'),
      items: [
        { value: 'new', label: t('shell.new'), icon: SquarePen, shortcut: 'Mod Shift O', run: () => void navigate({ to: '/' }) },
        { value: 'search', label: t('palette.search.all'), icon: Search, run: () => void navigate({ to: '/search' }) },
        { value: 'all', label: t('shell.all'), icon: ListChecks, run: () => void navigate({ to: '/conversations' }) },
        { value: 'highlights', label: t('shell.highlights'), icon: Highlighter, run: () => void navigate({ to: '/highlights' }) },
        { value: 'agents', label: t('palette.agents'), icon: Bot, run: () => void navigate({ to: '/agents' }) },
        { value: 'prompts', label: t('palette.prompts'), icon: TextQuote, run: () => void navigate({ to: '/prompts' }) },
        ...(shown === undefined
          ? []
          : (['markdown', 'json'] as const).map((format) => ({
              value: `export-${format}`,
              label: t(`shell.export.${format}`),
              icon: Download,
              run: () => downloadConversation(shown, format),
            }))),
        ...themes.filter((one) => one.value !== theme).map((one) => ({ ...one, run: () => chooseTheme(one.value) })),
        { value: 'shortcuts', label: t('palette.shortcuts'), icon: Keyboard, shortcut: '?', run: () => openOverlay('shortcuts') },
      ],
    },
    {
      value: t('settings.title'),
      items: settingsScreens(me, workspace.id)
        .flatMap((section) => section.screens)
        .map((screen) => ({ value: screen.to, label: screen.label, icon: Settings, run: () => void navigate({ to: screen.to }) })),
    },
  ]
}
