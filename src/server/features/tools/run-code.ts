import { z } from 'zod'
import { beginningOf } from '../../platform/db/index.ts'
import type { Sandbox } from '../../platform/sandbox/index.ts'
import { type Tool, ToolFailure, type ToolSource } from './tool.ts'

/** A file of a conversation, for whoever has established who may read it. */
export interface NamedFile {
  name: string
  bytes: Buffer
}

const maxCodeLength = 100_000

export type CodeLanguage = 'javascript' | 'python'

const input = z.strictObject({
  language: z.enum(['javascript', 'python']),
  code: z.string().min(1).max(maxCodeLength).describe('a program; what it prints and the value of its last expression come back'),
  files: z.array(z.string().min(1).max(255)).max(10).default([]).describe('names of files of this conversation that the program reads'),
})

const reasons = {
  timeout: 'The program did not end within 30 seconds and was stopped.',
  memory: 'The program needed more memory than it may have (about 256 MB) and was stopped.',
  ended: 'The program ended its interpreter without a result.',
  stopped: 'The program was stopped.',
  busy: 'Too many programs are waiting to run. Try again in a minute.',
}

const languageWords = { javascript: 'JavaScript (ES2023)', python: 'Python 3 (standard library only)' }
const fileWords = { javascript: 'in JavaScript by readFile("name") (text) or readBytes("name")', python: 'in Python by open("name")' }

/** The tool in the languages that are switched on, and no tool without one. What a call was offered and is not there any more is refused. */
export function codeSource(
  sandbox: Sandbox,
  readFiles: (conversationId: string, names: readonly string[]) => Promise<NamedFile[]>,
  isOn: (language: CodeLanguage) => boolean,
): ToolSource {
  // Of one kind each, since what is told of a tool is kept by it.
  const made = new Map<string, readonly Tool[]>([['', []]])
  return {
    async list() {
      const languages = (['javascript', 'python'] as const).filter(isOn)
      const key = languages.join(' ')
      let tools = made.get(key)
      if (!tools) made.set(key, (tools = [runCode(sandbox, readFiles, languages, isOn) as Tool]))
      return tools
    },
  }
}

/** Runs a program in a sandbox of its own: nothing of it is there in the next run. */
function runCode(
  sandbox: Sandbox,
  readFiles: (conversationId: string, names: readonly string[]) => Promise<NamedFile[]>,
  languages: readonly CodeLanguage[],
  isOn: (language: CodeLanguage) => boolean,
): Tool<z.infer<typeof input>> {
  return {
    name: 'run_code',
    description:
      `Runs a program in ${languages.map((each) => languageWords[each]).join(' or ')} and returns what it prints and the value of its last expression. For calculations, data and text that need to be exact. ` +
      `There is no network, no other program and no package to install. Files that are named can be read: ${languages.map((each) => fileWords[each]).join(', ')}. Nothing is kept between runs.`,
    input: input.extend({ language: z.enum(languages) }),
    // It changes nothing outside of itself.
    isRepeatable: true,
    permission: 'ask',
    // The sandbox has its own limit, of which it can say more.
    timeoutMs: 60_000,
    async run({ language, code, files }, { signal, conversationId, actorId }) {
      if (!isOn(language)) throw new ToolFailure('An administrator has switched this language off.')
      if (files.length > 0 && !conversationId) throw new ToolFailure('There are no files here.')
      const given = files.length > 0 ? await readFiles(conversationId!, files) : []
      const job = { code, files: given.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') })) }
      const outcome = await sandbox.run(actorId, language, job, signal)
      if ('failure' in outcome) {
        throw new ToolFailure(
          isOn(language) ? reasons[outcome.failure] : 'The program was stopped: an administrator has switched this language off.',
        )
      }
      const { stdout, isCut, value, error } = outcome
      const said = [
        stdout && `Output:\n${stdout.trimEnd()}${isCut ? '\n[the rest of the output was left out]' : ''}`,
        value !== null && `Value: ${value}`,
        error && `Error:\n${error.trimEnd()}`,
      ].filter(Boolean)
      const text = beginningOf(said.join('\n\n'), 30_000) || 'The program ended without output.'
      if (error) throw new ToolFailure(text)
      return text
    },
  }
}
