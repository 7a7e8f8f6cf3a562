import type { A2uiMessage } from '../../../contract/messages.ts'

/** The version of A2UI that is spoken: the newest one that published renderers draw. */
export const version = 'v0.9'
export const basicCatalogue = 'https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json'

/** A component as the catalogue describes it; the one with the id `root` is the whole. */
export type Component = { id: string; component: string } & A2uiMessage

/** What a client is sent to draw a surface that is complete from the start. */
export function surfaceMessages(surfaceId: string, components: Component[]): A2uiMessage[] {
  return [
    { version, createSurface: { surfaceId, catalogId: basicCatalogue } },
    { version, updateComponents: { surfaceId, components } },
  ]
}
