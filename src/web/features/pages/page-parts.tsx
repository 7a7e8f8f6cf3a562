import { Link } from '@tanstack/react-router'
import { s } from './strings.ts'

const exactly = { exact: true, includeSearch: true }

/** The page itself, and what answers its visitors: each has an address of its own. */
export function PageParts() {
  return (
    <nav className="page-parts" aria-label={s('part.label')}>
      <Link to="/settings/page" search={{ part: undefined }} activeOptions={exactly}>
        {s('part.page')}
      </Link>
      <Link to="/settings/page" search={{ part: 'bot' }} activeOptions={exactly}>
        {s('part.bot')}
      </Link>
    </nav>
  )
}
