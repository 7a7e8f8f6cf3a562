import type { Plugin } from 'vite'

const unused = 'zod-to-json-schema'

/**
 * The renderer of surfaces brings along what only describes catalogues to servers (a second zod with it), and in its index files all that it can draw.
 * Without either its chunk is half as large.
 */
export function leanSurfaces(): Plugin {
  return {
    name: 'parley:lean-surfaces',
    enforce: 'pre',
    apply: 'build',
    async resolveId(id, importer, options) {
      if (id === unused) return `\0${unused}`
      if (!/\/@a2ui\//.test(importer ?? '') && !id.startsWith('@a2ui/')) return undefined
      const resolved = await this.resolve(id, importer, { ...options, skipSelf: true })
      const hasNoEffects = /\/@a2ui\/(?:lit|web_core)\/.+\/(?:index|catalog)\.js$/.test(resolved?.id ?? '')
      return resolved && hasNoEffects ? { ...resolved, moduleSideEffects: false } : resolved
    },
    load: (id) => (id === `\0${unused}` ? 'export const zodToJsonSchema = () => ({})' : undefined),
  }
}
