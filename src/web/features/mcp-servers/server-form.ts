import type { McpCredentials, McpSampling } from '../../../contract/mcp-servers.ts'

/** Lines as pairs; undefined where one is none. */
export function pairsOf(text: string, separator: '=' | ':'): Record<string, string> | undefined {
  const pairs: [string, string][] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const at = line.indexOf(separator)
    const name = line.slice(0, at).trim()
    if (at <= 0 || name === '') return undefined
    pairs.push([name, separator === ':' ? line.slice(at + 1).trim() : line.slice(at + 1)])
  }
  return Object.fromEntries(pairs)
}

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')

export interface ServerValues {
  kind: 'http' | 'stdio' | 'json'
  name: string
  url: string
  isSse: boolean
  command: string
  args: string
  env: string
  headers: string
  credentials: McpCredentials
  trustsHints: boolean
  sampling: McpSampling
  json: string
}

export const emptyServer: ServerValues = {
  kind: 'http',
  name: '',
  url: '',
  isSse: false,
  command: '',
  args: '',
  env: '',
  headers: '',
  credentials: 'shared',
  trustsHints: false,
  sampling: 'deny',
  json: '',
}
