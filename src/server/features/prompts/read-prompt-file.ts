import { z } from 'zod'

/** As it stands in the file; whether it can be one is seen later. */
export interface ReadPrompt {
  name: string
  content: string
}

/** More than a library may hold would only be refused one by one. */
const maxPrompts = 2_000
/** Nobody names a prompt at greater length. */
const maxFrontMatter = 10_000

/** What a file says, whoever wrote it; undefined where it is none. */
export async function readPromptFile(fileName: string, text: string): Promise<ReadPrompt[] | undefined> {
  const plain = text.replace(/^\uFEFF/, '')
  return /^\s*[[{]/.test(plain) && !/\.(?:md|markdown)$/i.test(fileName) ? readJson(plain) : readMarkdown(fileName, plain)
}

const words = z.string().optional().catch(undefined)
/** Ours, and what others call the same things. */
const Entry = z.object({ name: words, title: words, command: words, content: words, prompt: words, text: words })
const File = z.union([
  z.array(z.unknown()),
  z.object({ prompts: z.array(z.unknown()) }).transform(({ prompts }) => prompts),
  Entry.transform((one) => [one]),
])

function readJson(text: string): ReadPrompt[] | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const file = File.safeParse(value)
  if (!file.success) return undefined
  const prompts = file.data.slice(0, maxPrompts).map((one) => Entry.safeParse(one).data ?? {})
  const read = prompts.map((one) => ({
    name: one.name ?? one.title ?? one.command?.replace(/^\//, '') ?? '',
    content: one.content ?? one.prompt ?? one.text ?? '',
  }))
  return read.some(({ name, content }) => name !== '' || content !== '') ? read : undefined
}

/** A name in the front matter, else the first heading's, else the file's. */
async function readMarkdown(fileName: string, text: string): Promise<ReadPrompt[] | undefined> {
  if (text.trim() === '' || text.includes('\0')) return undefined
  const match = /^---[ \t]*\r?\n([\s\S]{0,10000}?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text.slice(0, maxFrontMatter + 100))
  const content = match ? text.slice(match[0].length).replace(/^(?:\r?\n)+/, '') : text
  const said = match ? await nameOf(match[1]!) : undefined
  const heading = /^#{1,6}[ \t]+(.{1,200})$/m.exec(content.slice(0, 2_000))?.[1]
  const name = said ?? heading?.replace(/[ \t#]+$/, '') ?? fileName.replace(/\.[^.]*$/, '')
  return [{ name: name.trim().slice(0, 100), content: content.trimEnd() }]
}

async function nameOf(frontMatter: string): Promise<string | undefined> {
  const { parse } = await import('yaml')
  try {
    // No anchors: a few of them unfold to more than there is memory.
    const value: unknown = parse(frontMatter, { schema: 'core', maxAliasCount: 0, logLevel: 'silent' })
    const { name, title } = z.object({ name: z.coerce.string().optional(), title: z.coerce.string().optional() }).parse(value)
    return name || title
  } catch {
    return undefined
  }
}
