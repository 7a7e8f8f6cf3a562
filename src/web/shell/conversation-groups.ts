import { t } from '../strings/index.ts'

export interface Group<Item> {
  label: string
  items: Item[]
}

const monthOfThisYear = new Intl.DateTimeFormat('en', { month: 'long' })
const monthOfAnotherYear = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric' })

const startOfDay = (moment: Date, daysBefore = 0): number =>
  new Date(moment.getFullYear(), moment.getMonth(), moment.getDate() - daysBefore).getTime()

/** What is pinned; then today, yesterday, the last seven days, then by month; in the time zone of the person, by calendar days and not by hours. Keeps the order. */
export function groupByTime<Item extends { updatedAt: string; isPinned?: boolean }>(
  items: readonly Item[],
  now = new Date(),
): Group<Item>[] {
  const today = startOfDay(now)
  const yesterday = startOfDay(now, 1)
  const weekAgo = startOfDay(now, 7)

  const labelOf = (moment: Date): string => {
    const time = moment.getTime()
    if (time >= today) return t('shell.today')
    if (time >= yesterday) return t('shell.yesterday')
    if (time >= weekAgo) return t('shell.last7')
    return (moment.getFullYear() === now.getFullYear() ? monthOfThisYear : monthOfAnotherYear).format(moment)
  }

  const groups: Group<Item>[] = []
  for (const item of items) {
    const label = item.isPinned ? t('shell.pinned') : labelOf(new Date(item.updatedAt))
    const last = groups.at(-1)
    if (last?.label === label) last.items.push(item)
    else groups.push({ label, items: [item] })
  }
  return groups
}
