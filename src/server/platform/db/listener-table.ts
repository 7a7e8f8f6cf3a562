interface Listener {
  onPayload: (payload: string) => void
  onReconnect: (() => void) | undefined
}

/** Who listens to which channel in this process. */
export class ListenerTable {
  readonly #channels = new Map<string, Set<Listener>>()

  /** `remove` says whether that was the channel's last listener. */
  add(
    channel: string,
    onPayload: (payload: string) => void,
    onReconnect: (() => void) | undefined,
  ): { isFirst: boolean; remove: () => boolean } {
    const listeners = this.#channels.get(channel) ?? new Set()
    const listener = { onPayload, onReconnect }
    const isFirst = listeners.size === 0
    listeners.add(listener)
    this.#channels.set(channel, listeners)
    return {
      isFirst,
      remove: () => {
        if (!listeners.delete(listener) || listeners.size > 0) return false
        if (this.#channels.get(channel) === listeners) this.#channels.delete(channel)
        return true
      },
    }
  }

  channels(): string[] {
    return [...this.#channels.keys()]
  }

  deliver(channel: string, payload: string): void {
    for (const { onPayload } of this.#channels.get(channel) ?? []) onPayload(payload)
  }

  reconnected(): void {
    for (const listeners of this.#channels.values()) for (const { onReconnect } of listeners) onReconnect?.()
  }
}
