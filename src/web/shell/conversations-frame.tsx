import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { ListChecks, Search, SquarePen, TextSearch, X } from 'lucide-react'
import { useDeferredValue, useRef, useState } from 'react'
import { t } from '../strings/index.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { ConversationList } from './conversation-list.tsx'
import { AgentsLink } from '../features/agents/agents-link.tsx'
import { PromptsLink } from '../features/prompts/prompts-link.tsx'
import { HighlightsLink } from './highlights-link.tsx'
import { InboxLink } from './inbox-link.tsx'
import { PersonMenu } from './person-menu.tsx'
import { HideSidebar, SidebarLayout } from './sidebar-layout.tsx'
import { WorkspaceSwitch } from './workspace-switch.tsx'
import './sidebar.css'

export function ConversationsFrame() {
  return (
    <SidebarLayout sidebar={<Sidebar />}>
      <Outlet />
    </SidebarLayout>
  )
}

function Sidebar() {
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search.trim())
  const field = useRef<HTMLInputElement>(null)
  const navigate = useNavigate()

  return (
    <>
      <div className="sidebar-head">
        <WorkspaceSwitch />
        <HideSidebar />
      </div>
      <div className="sidebar-actions">
        <Link to="/" className="sidebar-row" activeOptions={{ exact: true }}>
          <SquarePen size={16} strokeWidth={1.75} aria-hidden />
          <span className="sidebar-row-label">{t('shell.new')}</span>
          <Kbd keys="Mod Shift O" />
        </Link>
        <InboxLink />
        <HighlightsLink />
        <PromptsLink />
        <AgentsLink />
        <div className="sidebar-row sidebar-search">
          <Search size={16} strokeWidth={1.75} aria-hidden />
          <input
            ref={field}
            type="text"
            inputMode="search"
            enterKeyHint="search"
            placeholder={t('shell.search')}
            aria-label={t('shell.search.label')}
            value={search}
            maxLength={200}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && search !== '') {
                event.stopPropagation()
                setSearch('')
              }
              if (event.key === 'Enter' && !event.nativeEvent.isComposing)
                void navigate({ to: '/search', search: { q: wanted || undefined } })
              if (event.key === 'ArrowDown') {
                event.preventDefault()
                event.currentTarget.closest('.sidebar')?.querySelector<HTMLElement>('.conversation-link')?.focus()
              }
            }}
          />
          {search === '' ? (
            <Kbd keys="Mod K" />
          ) : (
            <IconButton
              icon={X}
              size="s"
              label={t('shell.search.clear')}
              onClick={() => {
                setSearch('')
                field.current?.focus()
              }}
            />
          )}
        </div>
        {wanted !== '' && (
          <Link to="/search" search={{ q: wanted }} className="sidebar-row">
            <TextSearch size={16} strokeWidth={1.75} aria-hidden />
            <span className="sidebar-row-label">{t('shell.search.messages')}</span>
            <Kbd keys="Enter" />
          </Link>
        )}
        <Link to="/conversations" className="sidebar-row">
          <ListChecks size={16} strokeWidth={1.75} aria-hidden />
          <span className="sidebar-row-label">{t('shell.all')}</span>
        </Link>
      </div>
      <ConversationList search={wanted} />
      <PersonMenu />
    </>
  )
}
