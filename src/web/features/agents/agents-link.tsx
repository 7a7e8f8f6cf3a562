import { Link } from '@tanstack/react-router'
import { Bot } from 'lucide-react'
import { a } from './strings.ts'

export function AgentsLink() {
  return (
    <Link to="/agents" className="sidebar-row">
      <Bot size={16} strokeWidth={1.75} aria-hidden />
      <span className="sidebar-row-label">{a('title')}</span>
    </Link>
  )
}
