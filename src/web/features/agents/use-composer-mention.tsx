import { AtSign, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, type RefObject, useId, useState } from 'react'
import type { AgentSummary } from '../../../contract/agents.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { AgentPicture } from './agent-picture.tsx'
import { type Mention, mentionAt } from './mention.ts'
import { a } from './strings.ts'
import { useAgents } from './use-agents.ts'
import './agents.css'
import '../../ui/popup.css'

interface Field {
  /** Where nobody can be asked aside an `@` is an `@`. */
  isOn: boolean
  text: string
  setText: (text: string) => void
  field: RefObject<HTMLTextAreaElement | null>
}

export interface ComposerMention {
  /** Whom the message is for. */
  chosen: AgentSummary | null
  clear: () => void
  onTyped: (text: string, caret: number) => void
  /** Whether the key was meant for the list. */
  onKeyDown: (event: KeyboardEvent) => boolean
  onBlur: () => void
  /** While the list is there. */
  fieldProps: Record<string, unknown>
  popup: ReactNode
  panel: ReactNode
}

/** `@` in a field that messages are written in lists agents; the one that is chosen is asked aside. */
export function useComposerMention({ isOn, text, setText, field }: Field): ComposerMention {
  const listId = useId()
  const agents = useAgents()
  const [mention, setMention] = useState<Mention | null>(null)
  const [activeIndex, setActiveIndex] = useState(0)
  const [chosen, setChosen] = useState<AgentSummary | null>(null)
  const wanted = mention?.search.toLowerCase() ?? ''
  const found = agents?.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(wanted)).slice(0, 20)
  const isOpen = isOn && mention !== null && (agents?.length ?? 0) > 0
  const active = isOpen ? found?.[activeIndex] : undefined
  const optionId = (index: number) => `${listId}-${index}`

  function choose(agent: AgentSummary) {
    setChosen(agent)
    setText(mention ? text.slice(mention.to).trimStart() : text)
    setMention(null)
    field.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent): boolean {
    if (chosen && event.key === 'Backspace' && text === '') setChosen(null)
    else if (!isOpen) return false
    else if (event.key === 'Escape') setMention(null)
    else if (found && found.length > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp'))
      setActiveIndex((activeIndex + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length)
    else if (active && !event.shiftKey && (event.key === 'Enter' || event.key === 'Tab')) choose(active)
    else return false
    event.preventDefault()
    return true
  }

  return {
    chosen: isOn ? chosen : null,
    clear: () => setChosen(null),
    onTyped(typed, caret) {
      const next = chosen ? null : mentionAt(typed, caret)
      // One that was dismissed stays so until it begins anew.
      setMention(next !== null && mention === null && next.search !== '' ? null : next)
      setActiveIndex(0)
    },
    onKeyDown,
    onBlur: () => setMention(null),
    fieldProps: isOpen ? { 'aria-controls': listId, 'aria-activedescendant': active ? optionId(activeIndex) : undefined } : {},
    popup: isOpen && (
      // The field keeps the focus, whatever is pressed here.
      <div className="agent-popup popup" onPointerDown={(event) => event.preventDefault()}>
        <p className="visually-hidden" role="status">
          {found && found.length > 0 ? a('mention.count', { count: found.length }) : ''}
        </p>
        {found?.length === 0 && <p className="agent-popup-none">{a('choose.empty')}</p>}
        <div id={listId} role="listbox" aria-label={a('mention.label')} className="agent-popup-list">
          {found?.map((agent, index) => (
            <button
              type="button"
              key={agent.id}
              id={optionId(index)}
              role="option"
              aria-selected={index === activeIndex}
              tabIndex={-1}
              className="menu-item"
              data-highlighted={index === activeIndex || undefined}
              onPointerMove={() => index !== activeIndex && setActiveIndex(index)}
              onClick={() => choose(agent)}
            >
              <AgentPicture agent={agent} size="s" />
              <span className="menu-item-label">
                {agent.name}
                {agent.description && <span className="menu-item-detail">{agent.description}</span>}
              </span>
            </button>
          ))}
        </div>
      </div>
    ),
    panel: isOn && chosen && (
      <div className="agent-mention" role="group" aria-label={a('mention.panel', { name: chosen.name })}>
        <AtSign size={16} strokeWidth={1.75} aria-hidden />
        <span className="agent-mention-text">{a('mention.panel', { name: chosen.name })}</span>
        <IconButton
          icon={X}
          size="s"
          label={a('mention.remove', { name: chosen.name })}
          onClick={() => {
            setChosen(null)
            field.current?.focus()
          }}
        />
      </div>
    ),
  }
}
