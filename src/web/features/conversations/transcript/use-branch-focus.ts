import { type RefObject, useCallback, useLayoutEffect, useRef } from 'react'
import type { MessageId } from '../../../../contract/ids.ts'
import type { TranscriptWindow } from './window.ts'

/**
 * Another version of a message is another message, so the switcher that was pressed goes and the focus would go with it. Call what this gives
 * with the version that is coming: once it is drawn, its own switcher has the focus.
 */
export function useBranchFocus(scroller: RefObject<HTMLElement | null>, window: TranscriptWindow): (siblingId: MessageId) => void {
  const wanted = useRef<{ siblingId: MessageId; label: string } | null>(null)

  useLayoutEffect(() => {
    if (!wanted.current) return
    const { siblingId, label } = wanted.current
    const message = [...window.messages.values()].find((one) => one.id === siblingId)
    const row = message && scroller.current?.querySelector<HTMLElement>(`[data-message="${message.depth}"]`)
    if (!row) return
    wanted.current = null
    // Whoever has moved on meanwhile stays there.
    if (document.activeElement !== document.body) return
    const buttons = [...row.querySelectorAll<HTMLButtonElement>('.branch button:enabled')]
    const target = buttons.find((button) => button.ariaLabel === label) ?? buttons[0] ?? row
    target.focus({ preventScroll: true })
  })

  return useCallback((siblingId) => {
    const pressed = document.activeElement
    if (pressed?.closest('.branch')) wanted.current = { siblingId, label: pressed.ariaLabel ?? '' }
  }, [])
}
