import { Link } from '@tanstack/react-router'
import { TextQuote } from 'lucide-react'
import { p } from './strings.ts'

export function PromptsLink() {
  return (
    <Link to="/prompts" className="sidebar-row">
      <TextQuote size={16} strokeWidth={1.75} aria-hidden />
      <span className="sidebar-row-label">{p('title')}</span>
    </Link>
  )
}
