import type { Deps } from '../../deps.ts'

export interface QuestionDeps extends Pick<Deps, 'db' | 'vault'> {
  /** Whoever waits for them looks again, in whichever process. */
  announceAnswers(ids: readonly string[]): void
}
