import { z } from 'zod'
import { beginningOf } from '../../platform/db/index.ts'
import type { Sandbox } from '../../platform/sandbox/index.ts'
import { type Tool, ToolFailure } from './tool.ts'

/** A file of a conversation, for whoever has established who may read it. */
export interface NamedFile {
  name: string
  bytes: Buffer
}

const maxCodeLength = 100_000

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

/** Runs a program in a sandbox of its own: nothing of it is there in the next run. */
export function runCode(
  sandbox: Sandbox,
  readFiles: (conversationId: string, names: readonly string[]) => Promise<NamedFile[]>,
): Tool<z.infer<typeof input>> {
  return {
    name: 'run_code',
    description:
      'Runs a program in JavaScript (ES2023) or Python 3 (standard library only) and returns what it prints and the value of its last expression. For calculations, data and text that need to be exact. ' +
      'There is no network, no other program and no package to install. Files that are named can be read: in Python by open("name"), in JavaScript by readFile("name") (text) or readBytes("name"). Nothing is kept between runs.',
    input,
    // It changes nothing outside of itself.
    isRepeatable: true,
    permission: 'ask',
    // The sandbox has its own limit, of which it can say more.
    timeoutMs: 60_000,
    async run({ language, code, files }, { signal, conversationId, actorId }) {
      if (files.length > 0 && !conversationId) throw new ToolFailure('There are no files here.')
      const given = files.length > 0 ? await readFiles(conversationId!, files) : []
      const job = { code, files: given.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') })) }
      const outcome = await sandbox.run(actorId, language, job, signal)
      if ('failure' in outcome) throw new ToolFailure(reasons[outcome.failure])
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
