import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { p } from './strings.ts'
import type { Choice } from './choice.ts'
import './prompts.css'
import '../../ui/popup.css'

interface Props {
  id: string
  prompts: readonly Choice[] | undefined
  isSearching: boolean
  activeIndex: number
  onActive: (index: number) => void
  onChoose: (prompt: Choice) => void
}

export const optionId = (listId: string, index: number): string => `${listId}-${index}`

/** What `/` offers, above the field that keeps the focus. */
export function PromptList({ id, prompts, isSearching, activeIndex, onActive, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [activeIndex])
  return (
    // The field keeps the focus, whatever is pressed here.
    <div className="prompt-popup popup" onPointerDown={(event) => (event.target as Element).closest('a') || event.preventDefault()}>
      <p className="visually-hidden" role="status">
        {prompts && prompts.length > 0 ? p('slash.count', { count: prompts.length }) : ''}
      </p>
      {prompts === undefined && <p className="prompt-popup-none">{p('slash.loading')}</p>}
      {prompts?.length === 0 && <p className="prompt-popup-none">{isSearching ? p('slash.none') : p('slash.empty')}</p>}
      <div ref={list} id={id} role="listbox" aria-label={p('slash.label')} className="prompt-popup-list">
        {prompts?.map((prompt, index) => (
          <button
            type="button"
            key={prompt.id}
            id={optionId(id, index)}
            role="option"
            aria-selected={index === activeIndex}
            tabIndex={-1}
            className="menu-item"
            data-highlighted={index === activeIndex || undefined}
            onPointerMove={() => index !== activeIndex && onActive(index)}
            onClick={() => onChoose(prompt)}
          >
            <span className="menu-item-label">
              {prompt.name}
              <span className="menu-item-detail prompt-popup-detail">{prompt.preview}</span>
            </span>
            {prompt.server && <span className="menu-item-detail prompt-popup-source">{prompt.server.serverName}</span>}
            {prompt.variableCount > 0 && (
              <span className="menu-item-detail numeric">{p('list.variables', { count: prompt.variableCount })}</span>
            )}
          </button>
        ))}
      </div>
      <div className="prompt-popup-footer">
        <Link to="/prompts/$promptId" params={{ promptId: 'new' }}>
          {p('slash.write')}
        </Link>
        <Link to="/prompts">{p('slash.manage')}</Link>
      </div>
    </div>
  )
}
