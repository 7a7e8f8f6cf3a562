import type { Connection } from '../../../contract/models.ts'
import { type AddableProvider, providers } from './providers.ts'
import { c } from './strings.ts'

export interface HeaderRow {
  name: string
  value: string
}

export interface ConnectionValues {
  provider: AddableProvider
  ownership: Connection['ownership']
  name: string
  apiKey: string
  baseUrl: string
  headers: HeaderRow[]
  isDefault: boolean
}

export const emptyValues = (ownership: Connection['ownership']): ConnectionValues => ({
  provider: 'openai',
  ownership,
  name: '',
  apiKey: '',
  baseUrl: '',
  headers: [],
  isDefault: true,
})

export const valuesOf = (connection: Connection): ConnectionValues => ({
  provider: connection.provider === 'built-in' ? 'openai-compatible' : connection.provider,
  ownership: connection.ownership,
  name: connection.name,
  apiKey: '',
  baseUrl: connection.baseUrl ?? '',
  headers: [],
  isDefault: connection.isDefault,
})

/** A sealed key is bound to the address it was given for, so another address asks for it again. */
export const needsKeyAgain = (values: ConnectionValues, before: Connection | null): boolean =>
  before !== null && before.keyLast4 !== null && values.baseUrl.trim() !== (before.baseUrl ?? '')

export function checkConnection(values: ConnectionValues, before: Connection | null): Partial<Record<keyof ConnectionValues, string>> {
  const traits = providers[values.provider]
  const wrong: Partial<Record<keyof ConnectionValues, string>> = {}
  const url = values.baseUrl.trim()
  if (url === '' && traits.url === 'required') wrong.baseUrl = c('form.url.missing')
  else if (url !== '' && !isHttpUrl(url)) wrong.baseUrl = c('form.url.bad')
  if (values.apiKey.trim() === '') {
    if (needsKeyAgain(values, before)) wrong.apiKey = c('form.key.again')
    else if (before === null && traits.key === 'required') wrong.apiKey = c('form.key.missing')
  }
  if (headersOf(values).some(([name]) => !/^[A-Za-z0-9-]{1,64}$/.test(name))) wrong.headers = c('form.headers.bad')
  return wrong
}

export const headersOf = (values: ConnectionValues): [name: string, value: string][] =>
  values.headers.filter((row) => row.name.trim() !== '' || row.value !== '').map((row) => [row.name.trim(), row.value])

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:')
}
