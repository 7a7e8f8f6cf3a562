import type { A2uiMessage } from '../../../contract/messages.ts'
import type { Component } from './surface-messages.ts'

export interface DeclaredAction {
  name: string
  context: Record<string, unknown>
}

/** The action that a component of a surface sends to the server, as the surface declares it; undefined where it sends none. */
export function actionOf(messages: readonly A2uiMessage[], componentId: string): DeclaredAction | undefined {
  const component = messages
    .flatMap((message) => (message.updateComponents as { components: Component[] } | undefined)?.components ?? [])
    .findLast(({ id }) => id === componentId)
  const { event } = (component?.action ?? {}) as { event?: { name: string; context?: Record<string, unknown> } }
  return event && { name: event.name, context: event.context ?? {} }
}
