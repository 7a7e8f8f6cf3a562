interface Component {
  properties: Record<string, unknown>
}

/** The components that one names as its children: by id, a list of ids, or one repeated over a list of the data. */
function childrenOf({ properties: { child, children } }: Component): string[] {
  const named = [child, ...(Array.isArray(children) ? (children as unknown[]) : [children])]
  return named.flatMap((one) => {
    if (typeof one === 'string') return [one]
    return typeof one === 'object' && one !== null && 'componentId' in one && typeof one.componentId === 'string' ? [one.componentId] : []
  })
}

/** Schemas accept a surface without a root, and one that contains itself, which would be drawn for ever. */
export function isDrawable(components: { get: (id: string) => Component | undefined }): boolean {
  const finished = new Set<string>()
  const open = new Set<string>()
  const isFinite = (id: string): boolean => {
    if (open.has(id)) return false
    const component = components.get(id)
    if (!component || finished.has(id)) return true
    open.add(id)
    const isSound = childrenOf(component).every(isFinite)
    open.delete(id)
    finished.add(id)
    return isSound
  }
  return components.get('root') !== undefined && isFinite('root')
}
