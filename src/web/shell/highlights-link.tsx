import { Link } from '@tanstack/react-router'
import { Highlighter } from 'lucide-react'
import { t } from '../strings/index.ts'

export function HighlightsLink() {
  return (
    <Link to="/highlights" className="sidebar-row">
      <Highlighter size={16} strokeWidth={1.75} aria-hidden />
      <span className="sidebar-row-label">{t('shell.highlights')}</span>
    </Link>
  )
}
