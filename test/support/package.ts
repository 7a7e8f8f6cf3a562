import { createHash } from 'node:crypto'
import { zipOf } from './archive.ts'
import type { Person } from './test-app.ts'

/** A program without dependencies that speaks MCP on its standard input and output; its tools try what a package should not be able to do. */
const nodeServer = `
import { readFileSync, writeFileSync, readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import net from 'node:net'
const tried = async (what) => { try { return String(await what()) } catch (error) { return 'refused: ' + (error.cause?.code ?? error.code ?? error.message) } }
const tools = {
  greet: ({ name }) => 'Hello ' + name + ', from ' + (process.env.GREETER ?? 'nobody'),
  read: ({ path }) => tried(() => readFileSync(path, 'utf8').slice(0, 200)),
  list: ({ path }) => tried(() => readdirSync(path).join(' ')),
  write: ({ path }) => tried(() => { writeFileSync(path, 'written'); return 'written' }),
  environment: () => JSON.stringify(process.env),
  network: ({ host, port }) => tried(() => new Promise((resolve, reject) => net.connect(port, host, () => resolve('connected')).on('error', reject))),
  unlisted: () => 'never',
}
const schema = { type: 'object', properties: { name: { type: 'string' }, path: { type: 'string' }, host: { type: 'string' }, port: { type: 'number' } } }
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'tides', version: '1.0.0' } }),
  'tools/list': () => ({ tools: Object.keys(tools).map((name) => ({ name, description: 'The tool ' + name, inputSchema: schema })) }),
  'tools/call': async ({ name, arguments: input = {} }) => ({ content: [{ type: 'text', text: await tools[name](input) }] }),
  ping: () => ({}),
}
createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return
  const answer = answers[method] ? { result: await answers[method](params ?? {}) } : { error: { code: -32601, message: 'unknown' } }
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n')
})
`

const pythonServer = `
import json, os, sys
from greeting import words
for line in sys.stdin:
    message = json.loads(line)
    if 'id' not in message: continue
    method, params = message['method'], message.get('params') or {}
    answer = {}
    if method == 'initialize':
        answer['result'] = {'protocolVersion': params['protocolVersion'], 'capabilities': {'tools': {}}, 'serverInfo': {'name': 'snakes', 'version': '1.0.0'}}
    elif method == 'tools/list':
        answer['result'] = {'tools': [{'name': 'greet', 'description': 'Greets', 'inputSchema': {'type': 'object', 'properties': {'name': {'type': 'string'}}}}]}
    elif method == 'tools/call':
        answer['result'] = {'content': [{'type': 'text', 'text': words(params['arguments']['name'])}]}
    else:
        answer['error'] = {'code': -32601, 'message': 'unknown'}
    print(json.dumps({'jsonrpc': '2.0', 'id': message['id'], **answer}), flush=True)
`

export interface SamplePackage {
  id?: string
  version?: string
  instructions?: string
  /** Lines below `tools`, in the place of the usual ones; null: none. */
  tools?: string | null
  files?: Record<string, string | Buffer>
}

export const nodeTools = `
  runtime: node
  entry: server.mjs
  env:
    - name: GREETER
      description: Who greets
      required: false
  offers:
    - { name: greet, description: Greets somebody, permission: allow }
    - { name: read, description: Reads a file, permission: allow }
    - { name: list, description: Lists a folder, permission: allow }
    - { name: write, description: Writes a file, permission: allow }
    - { name: environment, description: Says its environment, permission: allow }
    - { name: network, description: Connects to a host }
`

export const pythonTools = `
  runtime: python
  entry: server.py
  offers:
    - { name: greet, description: Greets somebody, permission: allow }
`

export function manifestOf({
  id = 'org.example.tides',
  version = '1.0.0',
  instructions = 'You know tides.',
  tools = nodeTools,
}: SamplePackage = {}): string {
  return `id: ${id}
name: Tides
description: Knows when the water comes
version: ${version}
author: Ada Example
licence: MIT
instructions: ${JSON.stringify(instructions)}
starters: [When is high tide?]
${tools === null ? '' : `tools:${tools}`}`
}

/** A package that really runs. */
export async function packageZip(sample: SamplePackage = {}): Promise<Buffer> {
  return zipOf({
    'manifest.yaml': manifestOf(sample),
    'server.mjs': nodeServer,
    'server.py': pythonServer,
    'vendor/greeting.py': 'def words(name):\n    return f"Hello {name}, from a snake"\n',
    ...sample.files,
  })
}

export const sourceOf = (zip: Buffer) => ({ kind: 'file' as const, fileName: 'tides.zip', base64: zip.toString('base64') })
export const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

export async function inspectZip(person: Person, zip: Buffer, more: { updates?: string } = {}) {
  return person.get('agentPackages.inspect', { workspaceId: person.workspaceId, source: sourceOf(zip), ...more })
}

/** Looked at and consented to, into a new agent or one that is there. */
export async function installZip(person: Person, zip: Buffer, more: { agentId?: string; env?: Record<string, string> } = {}) {
  const { id: inspectionId, sha256 } = await inspectZip(person, zip)
  return person.get('agentPackages.install', { inspectionId, sha256, ...more })
}
