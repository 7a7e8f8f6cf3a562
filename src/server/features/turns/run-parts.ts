import type { TurnEvent } from '../../../contract/turns.ts'
import type { LiveStream } from '../../platform/events/index.ts'
import type { AnswerDraft } from './answer-draft.ts'
import type { TurnGuards } from './guards.ts'
import type { EnginePorts, Job } from './ports.ts'
import type { RunControl } from './run-control.ts'

/** What the parts of a run share. */
export interface RunParts {
  ports: EnginePorts
  job: Job
  stream: LiveStream<TurnEvent>
  draft: AnswerDraft
  control: RunControl
  /** Undefined at once where none hold. */
  guards(): Promise<TurnGuards> | undefined
}
