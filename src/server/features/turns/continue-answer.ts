import type { Provider } from '../../../contract/models.ts'
import type { Db } from '../../platform/db/index.ts'
import { isToolLimit } from '../../../contract/answer-notices.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { StoredPart } from '../conversations/index.ts'
import type { Continuation } from './instructions.ts'
import * as store from './store.ts'

/** What an answer begins with that goes on with another one, which stays as it is beside it. */
export interface Beginning {
  userMessageId: string
  parts: StoredPart[]
  /** The step in which the model goes on. */
  step: number
  /** Null: after the results of its tools, where nobody has to be told to go on. */
  continues: Continuation | null
}

/** The caller has asked whether the actor may write in this conversation. */
export async function readBeginning(db: Db, conversationId: string, messageId: string, provider: Provider): Promise<Beginning> {
  const answer = await store.findAnswer(db, conversationId, messageId)
  if (!answer) throw new AppError('message.not_found')
  if (answer.state !== 'completed' && answer.state !== 'stopped' && answer.state !== 'failed') throw new AppError('answer.being_written')
  const parts = answer.parts.filter((part) => part.type !== 'notice')
  const last = parts.at(-1)
  if (!last) throw new AppError('answer.not_continuable')
  const said = answer.parts.at(-1)
  // It was whole in itself, and had more to do than it was allowed.
  const isUnfinished = said?.type === 'notice' && isToolLimit(said.notice.code)
  const continues = last.type !== 'text' || last.text === '' ? null : isUnfinished ? 'work' : 'text'
  return {
    userMessageId: answer.user_message_id,
    parts: parts.map((part) => (answer.provider === provider && part.step < last.step ? part : withoutSignature(part))),
    step: continues === 'text' ? last.step : last.step + 1,
    continues,
  }
}

/** Of a step that broke off, and of another provider, no signature is taken back: such reasoning is shown and not sent. */
function withoutSignature({ providerMetadata: _, ...part }: StoredPart): StoredPart {
  return part
}
