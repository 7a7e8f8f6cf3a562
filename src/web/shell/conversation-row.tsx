import { Link } from '@tanstack/react-router'
import { Archive, Download, Ellipsis, Pencil, Pin, PinOff, Trash2 } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Conversation } from '../../contract/conversations.ts'
import { t } from '../strings/index.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { downloadConversation } from '../features/transfer/download.ts'
import { titleOf, type useConversationActions } from './conversation-actions.ts'

interface Props {
  conversation: Conversation
  isCurrent: boolean
  /** One row of the list is in the order of Tab; the arrows reach the others. */
  isTabStop: boolean
  actions: ReturnType<typeof useConversationActions>
  onFocus: () => void
}

export function ConversationRow({ conversation, isCurrent, isTabStop, actions, onFocus }: Props) {
  const [isRenaming, setRenaming] = useState(false)
  const link = useRef<HTMLAnchorElement>(null)
  const title = titleOf(conversation)

  function stopRenaming(newTitle?: string, keepFocus = false) {
    setRenaming(false)
    if (newTitle !== undefined) void actions.rename(conversation, newTitle)
    if (keepFocus) requestAnimationFrame(() => link.current?.focus())
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'F2') {
      event.preventDefault()
      setRenaming(true)
    } else if (event.key === 'Delete') {
      event.preventDefault()
      remove()
    }
  }

  function remove() {
    focusNeighbour(link.current)
    void actions.remove(conversation)
  }

  function archive() {
    focusNeighbour(link.current)
    void actions.archive(conversation, true)
  }

  if (isRenaming) {
    return (
      <li className="conversation-row" data-current={isCurrent || undefined}>
        <TitleInput title={conversation.title} onDone={stopRenaming} />
      </li>
    )
  }

  return (
    <li className="conversation-row" data-current={isCurrent || undefined} onFocus={onFocus}>
      <Link
        ref={link}
        to="/c/$conversationId"
        params={{ conversationId: conversation.id }}
        className="conversation-link"
        tabIndex={isTabStop ? 0 : -1}
        aria-current={isCurrent ? 'page' : undefined}
        onKeyDown={onKeyDown}
        title={title}
      >
        <span className="conversation-title">{title}</span>
        {conversation.isAnswering && (
          <span className="answering-dot">
            <span className="visually-hidden">, {t('shell.answering')}</span>
          </span>
        )}
      </Link>
      <Menu trigger={<IconButton icon={Ellipsis} label={t('shell.more', { title })} size="s" className="conversation-more" />}>
        {/* The menu gives the focus back to its button when it closes; the field, or the next row, takes it afterwards. */}
        <MenuItem icon={Pencil} shortcut="F2" onSelect={() => setTimeout(() => setRenaming(true))}>
          {t('shell.rename')}
        </MenuItem>
        <MenuItem icon={conversation.isPinned ? PinOff : Pin} onSelect={() => void actions.pin(conversation, !conversation.isPinned)}>
          {t(conversation.isPinned ? 'shell.unpin' : 'shell.pin')}
        </MenuItem>
        <MenuItem icon={Archive} onSelect={() => setTimeout(archive)}>
          {t('shell.archive')}
        </MenuItem>
        <MenuItem icon={Download} onSelect={() => downloadConversation(conversation.id, 'markdown')}>
          {t('shell.export.markdown')}
        </MenuItem>
        <MenuItem icon={Download} onSelect={() => downloadConversation(conversation.id, 'json')}>
          {t('shell.export.json')}
        </MenuItem>
        <MenuItem icon={Trash2} isDanger onSelect={() => setTimeout(remove)}>
          {t('shell.delete')}
        </MenuItem>
      </Menu>
    </li>
  )
}

function focusNeighbour(link: HTMLAnchorElement | null): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.conversation-link')]
  const at = link ? links.indexOf(link) : -1
  const neighbour = links[at + 1] ?? links[at - 1] ?? link?.closest<HTMLElement>('nav')
  neighbour?.focus()
}

function TitleInput({ title, onDone }: { title: string; onDone: (title?: string, keepFocus?: boolean) => void }) {
  const [value, setValue] = useState(title)
  const input = useRef<HTMLInputElement>(null)
  const isDone = useRef(false)

  useEffect(() => {
    input.current?.focus()
    input.current?.select()
  }, [])

  function finish(newTitle?: string, keepFocus = false) {
    if (isDone.current) return
    isDone.current = true
    onDone(newTitle, keepFocus)
  }

  return (
    <input
      ref={input}
      className="conversation-input"
      aria-label={t('shell.rename.label')}
      value={value}
      maxLength={200}
      onChange={(event) => setValue(event.target.value)}
      onBlur={() => finish(value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter') finish(value, true)
        if (event.key === 'Escape') {
          event.stopPropagation()
          finish(undefined, true)
        }
      }}
    />
  )
}
