import { minifyContractRouter } from '@orpc/contract'
import type { Plugin } from 'vite'
import { errorTable } from '../contract/errors.ts'
import { contract } from '../contract/index.ts'

const name = 'virtual:contract'

/**
 * The browser needs the methods and paths of the endpoints and the words of the errors, but none of the schemas: they would bring all of zod
 * along. This makes both at build time, so there is nothing to generate and nothing to forget.
 */
export function contractRoutes(): Plugin {
  return {
    name: 'parley:contract',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined
      const routes = JSON.stringify(minifyContractRouter(contract), (key, value: unknown) => (key === 'meta' ? {} : value))
      return `export const routes = ${routes}\nexport const errorTable = ${JSON.stringify(errorTable)}`
    },
  }
}
