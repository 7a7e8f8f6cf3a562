import { ArrowDown, ArrowUp, GripVertical, type LucideIcon } from 'lucide-react'
import { type PointerEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { IconButton } from '../../ui/icon-button.tsx'
import '../../ui/marks.css'
import '../../ui/row-list.css'
import { moved } from './moved.ts'
import { s } from './strings.ts'

export interface SortableRow<Id extends string> {
  id: Id
  name: string
  icon?: LucideIcon
  badge?: string | undefined
  detail?: ReactNode
  actions: ReactNode
}

interface Props<Id extends string> {
  rows: readonly SortableRow<Id>[]
  mayChange: boolean
  onOrder: (ids: Id[]) => void
}

/** A list whose order is a person's: by dragging a handle with a mouse or a finger, or by two buttons on each row. */
export function SortableList<Id extends string>({ rows, mayChange, onOrder }: Props<Id>) {
  const [dragged, setDragged] = useState<{ id: Id; order: Id[] } | null>(null)
  const [said, setSaid] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const focusAfter = useRef<string | null>(null)
  const ids = rows.map(({ id }) => id)
  const shown = (dragged?.order ?? ids).flatMap((id) => rows.find((row) => row.id === id) ?? [])

  // An element that is moved in the document loses the focus.
  useLayoutEffect(() => {
    const id = focusAfter.current
    focusAfter.current = null
    if (id !== null) list.current?.querySelector<HTMLElement>(`[data-focus="${id}"]:not(:disabled)`)?.focus()
  })

  function move(at: number, by: -1 | 1, button: string) {
    const row = rows[at]
    if (!row) return
    const order = moved(ids, at, at + by)
    const isLast = at + by === (by === 1 ? ids.length - 1 : 0)
    focusAfter.current = isLast ? `${button === 'up' ? 'down' : 'up'} ${row.id}` : `${button} ${row.id}`
    setSaid(s('order.moved', { name: row.name, place: at + by + 1, count: ids.length }))
    onOrder(order)
  }

  function drag(event: PointerEvent, id: Id) {
    if (!dragged || dragged.id !== id) return
    const boxes = [...(list.current?.children ?? [])].map((row) => row.getBoundingClientRect())
    const from = dragged.order.indexOf(id)
    const to = boxes.findIndex(({ top, bottom }) => event.clientY >= top && event.clientY < bottom)
    if (to !== -1 && to !== from && isPast(boxes, from, to, event.clientY)) setDragged({ id, order: moved(dragged.order, from, to) })
  }

  function drop() {
    if (dragged && dragged.order.join() !== ids.join()) onOrder(dragged.order)
    setDragged(null)
  }

  return (
    <>
      <ul className="row-list sortable" ref={list}>
        {shown.map(({ id, name, icon: Icon, badge, detail, actions }, at) => (
          <li key={id} className="row sortable-row" data-dragged={dragged?.id === id || undefined}>
            {mayChange && (
              <span
                className="sortable-grip"
                aria-hidden
                onPointerDown={(event) => {
                  event.currentTarget.setPointerCapture(event.pointerId)
                  setDragged({ id, order: ids })
                }}
                onPointerMove={(event) => drag(event, id)}
                onPointerUp={drop}
                onPointerCancel={() => setDragged(null)}
              >
                <GripVertical size={16} strokeWidth={1.75} />
              </span>
            )}
            {Icon && <Icon size={20} strokeWidth={1.5} aria-hidden />}
            <div className="row-text">
              <p className="row-title">
                {name}
                {badge && <span className="badge">{badge}</span>}
              </p>
              {detail && <div className="row-detail">{detail}</div>}
            </div>
            {mayChange && (
              <div className="row-actions">
                <IconButton
                  icon={ArrowUp}
                  size="s"
                  label={s('order.up', { name })}
                  data-focus={`up ${id}`}
                  disabled={at === 0}
                  onClick={() => move(at, -1, 'up')}
                />
                <IconButton
                  icon={ArrowDown}
                  size="s"
                  label={s('order.down', { name })}
                  data-focus={`down ${id}`}
                  disabled={at === shown.length - 1}
                  onClick={() => move(at, 1, 'down')}
                />
                {actions}
              </div>
            )}
          </li>
        ))}
      </ul>
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </>
  )
}

/** Past the middle of the row it would take the place of; else two rows of different heights would swap for ever. */
function isPast(boxes: readonly DOMRect[], from: number, to: number, y: number): boolean {
  const box = boxes[to]
  if (!box) return false
  const middle = box.top + box.height / 2
  return to > from ? y > middle : y < middle
}
