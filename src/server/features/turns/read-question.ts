import { sql } from 'kysely'
import type { Deps } from '../../deps.ts'
import type { Db } from '../../platform/db/index.ts'
import { type GivenFile, giveFiles, type Reader } from '../files/index.ts'
import { type GuardedTurn, type TurnGuards, withheldWords } from './guards.ts'
import { type PathMessage, readPath } from './hot-statements.ts'
import type { Job } from './ports.ts'
import { filesOf } from './prompt.ts'

export interface QuestionDeps extends Pick<Deps, 'db' | 'database' | 'files'> {
  guardrails: { open(ids: readonly string[], turn: GuardedTurn): Promise<TurnGuards> }
}

/** The path up to the question, the same for every step of the turn. */
export async function pathOf({ database }: Pick<Deps, 'database'>, job: Job): Promise<readonly PathMessage[]> {
  job.path ??= job.conversationId && job.userMessageId ? readPath(database, job.conversationId, job.userMessageId) : Promise.resolve([])
  try {
    return (await job.path).map(withoutWithheld)
  } catch (error) {
    job.path = undefined // whoever asks again must not be given the same failure
    throw error
  }
}

/** What came with a message that was kept from models is kept from them too. */
function withoutWithheld(message: PathMessage): PathMessage {
  const { role, parts } = message
  if (role !== 'user' || !parts.some((part) => part.type === 'text' && part.text === withheldWords)) return message
  return { ...message, parts: parts.filter(({ type }) => type === 'text') }
}

const opened = new WeakMap<Job, Promise<TurnGuards>>()

/** The guardrails of a turn; undefined where its snapshot names none. */
export function guardsOf({ guardrails }: Pick<QuestionDeps, 'guardrails'>, job: Job): Promise<TurnGuards> | undefined {
  const { guardrails: ids, isOfGuest } = job.settings.settings
  if (!ids) return undefined
  let guards = opened.get(job)
  if (!guards) {
    const { workspaceId, actorId, apiKeyId, turnId, conversationId, answerMessageId } = job
    const turn = { workspaceId, actorId, apiKeyId, turnId, conversationId, answerMessageId }
    guards = guardrails.open(ids, { ...turn, isOfGuest: isOfGuest ?? false, isResumed: job.how === 'resumed' })
    opened.set(job, guards)
    guards.catch(() => opened.delete(job))
  }
  return guards
}

/** The files of a path as the model reads them. Where guardrails look at input they are given as text, if they have any, and what is to be hidden in it is. */
export async function filesFor(
  deps: QuestionDeps,
  job: Job,
  path: readonly PathMessage[],
  isRaw = false,
): Promise<{ reader: Reader; files: Map<string, GivenFile> | undefined }> {
  const { inputs, maxContext } = job.settings.settings
  const guards = await guardsOf(deps, job)
  const isGuarded = guards?.has('input') ?? false
  const reader = { provider: job.settings.provider, inputs: isGuarded ? inputs.filter((kind) => kind !== 'pdf') : inputs, maxContext }
  const wanted = filesOf(path)
  if (wanted.length === 0 || !job.conversationId) return { reader, files: undefined }
  const files = await giveFiles(deps, job.conversationId, wanted, reader)
  if (!isGuarded || isRaw) return { reader, files }
  const texts = [...files].flatMap(([id, file]) => (file.type === 'text' ? [{ id, file }] : []))
  const hidden = await guards!.hide(
    'input',
    texts.map(({ file }) => file.text),
  )
  texts.forEach(({ id, file }, index) => files.set(id, { ...file, text: hidden[index]! }))
  return { reader, files }
}

/** What its person wrote, as models read it, and what the files with it say. */
export async function questionOf(deps: QuestionDeps, job: Job): Promise<{ words: string; files: string[] }> {
  const last = (await pathOf(deps, job)).at(-1)
  if (last?.role !== 'user') return { words: '', files: [] }
  // As they are: they are what is to be looked at.
  const { files } = await filesFor(deps, job, [last], true)
  return { words: textOf(last), files: [...(files?.values() ?? [])].flatMap((file) => (file.type === 'text' ? [file.text] : [])) }
}

const textOf = ({ parts }: PathMessage): string => parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')

/** Kept with the message, whose own words stay as they are; forks take it along. */
export async function setReadAs(db: Db, job: Job, text: string): Promise<void> {
  if (!job.userMessageId || !job.conversationId) return
  await sql`
    update message set structured_prompt = ${text}
    where id = ${job.userMessageId} and conversation_id = ${job.conversationId} and workspace_id = ${job.workspaceId}`.execute(db)
  if (!job.path) return
  const path = [...(await job.path)]
  const last = path.at(-1)
  if (last) path.splice(-1, 1, { ...last, parts: [...last.parts.filter(({ type }) => type === 'file'), { type: 'text', step: 0, text }] })
  job.path = Promise.resolve(path)
}
