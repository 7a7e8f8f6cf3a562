import { readFile } from 'node:fs/promises'
import { type AnySchemaObject, Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { type Reference, referenceFinder } from './references.ts'
import type { A2uiMessage } from '../../../contract/messages.ts'

export interface Schemas {
  /** One message to a client, its components and functions included. */
  isMessage: ValidateFunction
  /** The components that one names. */
  referencesOf(component: A2uiMessage): Reference[]
}

let loading: Promise<Schemas> | undefined

/** The official schemas with the basic catalogue, compiled when they are first needed. */
export function schemas(): Promise<Schemas> {
  loading ??= load()
  return loading
}

async function load(): Promise<Schemas> {
  // They lie beside the reference core, which does not export them.
  const folder = new URL('./schemas/', import.meta.resolve('@a2ui/web_core/v0_9'))
  const read = async (path: string) => JSON.parse(await readFile(new URL(path, folder), 'utf8')) as AnySchemaObject
  const [common, catalogue, messages] = await Promise.all([
    read('common_types.json'),
    read('catalogs/basic/catalog.json'),
    read('server_to_client.json'),
  ])
  const ajv = new Ajv2020({ strict: false })
  formats.default(ajv)
  ajv.addSchema(common)
  // The message schema refers by this name to whatever catalogue is in use.
  ajv.addSchema({ ...catalogue, $id: 'https://a2ui.org/specification/v0_9/catalog.json' })
  return { isMessage: ajv.compile(messages), referencesOf: referenceFinder(catalogue as Parameters<typeof referenceFinder>[0]) }
}
