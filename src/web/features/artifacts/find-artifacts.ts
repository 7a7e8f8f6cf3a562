import { type Block, readDocument } from '../../../markdown/index.ts'
import type { MessageId } from '../../../contract/ids.ts'

export type ArtifactKind = 'html' | 'svg' | 'markdown' | 'diagram' | 'code'

/** A fenced block of an answer that can stand beside the conversation. */
export interface Artifact {
  /** What the same thing in another answer has too. */
  key: string
  kind: ArtifactKind
  language: string
  /** As it calls itself; empty where it has no name. */
  name: string
  /** The name of a file, where the fence says one. */
  fileName: string | null
  text: string
  isClosed: boolean
  /** The block as it was written: by this it is found again in its message. */
  source: string
}

/** One of an artifact's versions: where it stands. */
export interface ArtifactVersion extends Artifact {
  messageId: MessageId
  depth: number
  /** Among the blocks of its message. */
  index: number
}

const kinds: Record<string, ArtifactKind> = {
  html: 'html',
  htm: 'html',
  svg: 'svg',
  markdown: 'markdown',
  md: 'markdown',
  mermaid: 'diagram',
}

export const kindOf = (language: string): ArtifactKind => kinds[language.toLowerCase()] ?? 'code'

/** The artifacts of a message, in their order. `texts` are its texts as they stand between tools. */
export function artifactsOf(texts: readonly string[]): Artifact[] {
  const found = texts.flatMap((text) => [...codeBlocks(readDocument(text).blocks)]).map((block) => read(block))
  const unnamed = Map.groupBy(
    found.filter(({ name }) => name === ''),
    ({ kind }) => kind,
  )
  return found.map((one, index) => ({ ...one, key: keyOf(one, index, unnamed.get(one.kind)?.length ?? 0) }))
}

/** One block by itself: what it is and is called. */
export const artifactOfBlock = (block: Omit<Fenced, 'type'>): Artifact => read({ type: 'code', ...block })

type Fenced = Extract<Block, { type: 'code' }>

function* codeBlocks(blocks: readonly Block[]): Generator<Fenced> {
  for (const block of blocks) {
    if (block.type === 'code' && block.language !== 'math') yield block
    else if (block.type === 'quote') yield* codeBlocks(block.blocks)
    else if (block.type === 'list') for (const item of block.items) yield* codeBlocks(item.blocks)
  }
}

/**
 * What is called the same is the same. Of what has no name, a page, a picture, a document or a diagram that is the only one of its kind in its answer
 * is a version of that kind's: "make it blue" is answered with all of it again. Code without a name is only itself.
 */
function keyOf({ kind, language, name }: Artifact, index: number, unnamedOfKind: number): string {
  const what = kind === 'code' ? language.toLowerCase() : kind
  if (name !== '') return `${what} ${name.toLowerCase()}`
  return kind !== 'code' && unnamedOfKind === 1 ? what : `${what} #${index}`
}

function read({ language, text, source, isClosed }: Fenced): Artifact {
  // ```html:clock.html names a file too.
  const [shortLanguage = '', path] = language.split(/:(?=[\w.-])/, 2)
  const kind = shortLanguage.toLowerCase() === 'xml' && /^\s*(?:<\?xml[^>]*>\s*)?<svg[\s>]/i.test(text) ? 'svg' : kindOf(shortLanguage)
  const { title, fileName } = readInfo(source.split('\n', 1)[0]!, path)
  const name = title ?? fileName ?? ownName(kind, text)
  return { key: '', kind, language: shortLanguage, name: clean(name), fileName, text, isClosed, source }
}

/** `title="A clock"`, `id=clock`, `name=…`, `file=clock.html` or `clock.html`, after the language. */
function readInfo(line: string, path: string | undefined): { title: string | null; fileName: string | null } {
  const info = line.replace(/^\s*(?:`{3,}|~{3,})\s*\S*/, '')
  const said = new Map<string, string>()
  for (const [, key, double, single, bare] of info.matchAll(
    /(title|id|identifier|name|file|filename)=(?:"([^"]*)"|'([^']*)'|([^\s"'{}]+))/gi,
  ))
    said.set(key!.toLowerCase(), (double ?? single ?? bare ?? '').trim())
  const bare = /(?:^|\s)([\w./-]{1,200}\.\w{1,10})(?=\s|$)/.exec(info)?.[1]
  const file = clean((said.get('file') ?? said.get('filename') ?? path ?? bare ?? '').split(/[/\\]/).at(-1)!).replace(/^\.+/, '')
  const title = said.get('title') ?? said.get('name') ?? said.get('id') ?? said.get('identifier')
  return { title: title || null, fileName: file || null }
}

function ownName(kind: ArtifactKind, text: string): string {
  const beginning = text.slice(0, 20_000)
  if (kind === 'html' || kind === 'svg') return plain(/<title[^>]*>([^<]{1,300})<\/title/i.exec(beginning)?.[1] ?? '')
  if (kind === 'markdown')
    return (
      /^#{1,6}[ \t]+(.{1,300})$/m
        .exec(beginning)?.[1]
        ?.replace(/[ \t#]+$/, '')
        .replaceAll(/[*_`]/g, '') ?? ''
    )
  return kind === 'diagram' ? (/^[ \t]*(?:title:?)[ \t]+(.{1,300})$/m.exec(beginning)?.[1] ?? '') : ''
}

const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const plain = (text: string) => text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => signs[name]!)
const clean = (name: string) =>
  name
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 100)

const extensions: Record<string, string> = {
  html: 'html',
  svg: 'svg',
  markdown: 'md',
  diagram: 'mmd',
  javascript: 'js',
  js: 'js',
  typescript: 'ts',
  ts: 'ts',
  tsx: 'tsx',
  jsx: 'jsx',
  python: 'py',
  py: 'py',
  json: 'json',
  css: 'css',
  csv: 'csv',
  yaml: 'yaml',
  yml: 'yml',
  bash: 'sh',
  sh: 'sh',
  shell: 'sh',
  sql: 'sql',
  rust: 'rs',
  go: 'go',
  java: 'java',
  kotlin: 'kt',
  swift: 'swift',
  ruby: 'rb',
  php: 'php',
  c: 'c',
  cpp: 'cpp',
  csharp: 'cs',
  cs: 'cs',
  xml: 'xml',
  toml: 'toml',
} // prettier-ignore

/** What it is saved as. */
export function fileNameOf({ kind, language, name, fileName }: Artifact): string {
  if (fileName) return fileName
  const extension = extensions[kind === 'code' ? language.toLowerCase() : kind] ?? 'txt'
  const base = name
    .replaceAll(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[. ]+/, '')
    .trim()
  return `${base || 'artifact'}.${extension}`
}

/** Long enough to stand beside the conversation by itself. */
export const isDocument = (kind: ArtifactKind, text: string): boolean =>
  (kind === 'html' || kind === 'svg' || kind === 'markdown') && (text.length > 1_200 || text.split('\n', 26).length > 25)
