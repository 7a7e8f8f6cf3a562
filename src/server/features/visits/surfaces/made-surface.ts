import { newId } from '../../../platform/ids.ts'
import { type Component, surfaceMessages, surfaceProblems } from '../../../platform/a2ui/index.ts'
import type { Surface } from '../../tools/index.ts'

/** A surface of these components. One that no client could draw is a bug of ours, and does not leave the server. */
export async function madeSurface(components: Component[], fallback: string): Promise<Surface> {
  const surfaceId = newId()
  const messages = surfaceMessages(surfaceId, components)
  const problems = await surfaceProblems(messages)
  if (problems.length > 0) throw new Error(`a surface cannot be drawn: ${problems.join('; ')}`)
  return { surfaceId, messages, fallback }
}

export const text = (id: string, words: string, variant: 'h3' | 'h4' | 'body' | 'caption' = 'body'): Component => ({
  id,
  component: 'Text',
  text: words,
  variant,
})

export const column = (id: string, children: string[]): Component => ({ id, component: 'Column', children })
