import type { A2uiMessage } from '../../../contract/messages.ts'
import { atPointer, isPointer, setAtPointer } from './pointer.ts'
import { type Schemas, schemas } from './schemas.ts'
import type { Component } from './surface-messages.ts'

/**
 * Why these messages, which make one surface from its beginning, could not be drawn as they are meant; empty where they can. Each message is checked against
 * the official schemas (A2UI 0.9), and together against what those cannot say: one surface, a root, each id once, no reference to nothing, none in a circle, no
 * component that nobody shows, no binding that leads nowhere.
 */
export async function surfaceProblems(messages: readonly A2uiMessage[]): Promise<string[]> {
  const known = await schemas()
  const invalid = messages.flatMap((message, index) =>
    known.isMessage(message)
      ? []
      : [`message ${index}: ${known.isMessage.errors?.map(({ instancePath, message: words }) => `${instancePath} ${words}`).join('; ')}`],
  )
  return invalid.length > 0 ? invalid : problemsTogether(messages, known)
}

/** What is named twice is drawn twice, so a few components could be drawn millions of times. */
const maxDrawn = 5_000

type Body = { surfaceId: string; components?: Component[]; path?: string; value?: unknown }

function problemsTogether(messages: readonly A2uiMessage[], { referencesOf }: Schemas): string[] {
  const problems: string[] = []
  const components = new Map<string, Component>()
  let data: unknown = {}
  let surfaceId: string | undefined
  for (const message of messages) {
    const { version: _, ...rest } = message
    const [[kind, value]] = Object.entries(rest) as [[string, unknown]]
    const body = value as Body
    if (kind === 'createSurface') {
      if (surfaceId !== undefined) problems.push(`a second surface ${body.surfaceId}`)
      surfaceId ??= body.surfaceId
    } else if (body.surfaceId !== surfaceId) problems.push(`${kind} of a surface that was not created: ${body.surfaceId}`)
    else if (kind === 'updateComponents') {
      const ids = new Set<string>()
      for (const component of body.components ?? []) {
        if (ids.has(component.id)) problems.push(`two components are named ${component.id}`)
        ids.add(component.id)
        components.set(component.id, component)
      }
    } else if (kind === 'updateDataModel') {
      if (isPointer(body.path ?? '/')) data = setAtPointer(data, body.path ?? '/', body.value)
      else problems.push(`${body.path} is not a path`)
    } else problems.push(`${kind} in a surface that is to be kept`)
  }
  if (surfaceId === undefined) problems.push('no surface is created')
  if (!components.has('root')) return [...problems, 'there is no root']

  const shown = new Set<string>()
  let drawn = 0
  const visit = (id: string, above: readonly string[], scopes: readonly unknown[] | null): void => {
    if (++drawn > maxDrawn) return void problems.push(`more than ${maxDrawn} components are shown`)
    if (above.includes(id)) return void problems.push(`${id} contains itself`)
    const component = components.get(id)
    if (!component) return void problems.push(`${above.at(-1)} names ${id}, which is not there`)
    shown.add(id)
    for (const path of bindingsOf(component)) if (!leadsSomewhere(path, data, scopes)) problems.push(`${id}: ${path} leads nowhere`)
    for (const reference of referencesOf(component)) {
      const items = reference.template === null ? undefined : itemsAt(reference.template, data, scopes)
      if (reference.template !== null && !items) problems.push(`${id}: there is no list at ${reference.template}`)
      visit(reference.id, [...above, id], items ?? scopes)
    }
  }
  visit('root', [], null)
  for (const id of components.keys()) if (!shown.has(id)) problems.push(`nothing shows ${id}`)
  return [...new Set(problems)]
}

/** Paths into the data model in a component's own values; that of a repeated child is looked at with the child. */
function bindingsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(bindingsOf)
  if (typeof value !== 'object' || value === null) return []
  if ('componentId' in value) return []
  if ('path' in value && Object.keys(value).length === 1) return [String(value.path)]
  return Object.values(value).flatMap(bindingsOf)
}

/** `scopes`: the items that a template is repeated for; a relative path must lead somewhere in each. */
function leadsSomewhere(path: string, data: unknown, scopes: readonly unknown[] | null): boolean {
  if (path.startsWith('/')) return isPointer(path) && atPointer(data, path) !== undefined
  return scopes !== null && isPointer(`/${path}`) && scopes.every((item) => atPointer(item, `/${path}`) !== undefined)
}

function itemsAt(path: string, data: unknown, scopes: readonly unknown[] | null): unknown[] | undefined {
  const lists = path.startsWith('/') ? [atPointer(data, path)] : (scopes ?? []).map((item) => atPointer(item, `/${path}`))
  return lists.length > 0 && lists.every((list) => Array.isArray(list)) ? lists.flat() : undefined
}
