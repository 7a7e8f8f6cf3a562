/** How a turn goes on with an answer that is there: in the middle of its text, or with work that it was not allowed to finish. */
export type Continuation = 'text' | 'work'

/** What a model is told beside the conversation. Kept with the task, never as a message. */
export type Instruction = `continue-${Continuation}` | 'answer-at-limit' | 'answer-repeating'

export const instructions: Record<Instruction, string> = {
  'continue-text':
    'Your answer above was interrupted. Continue exactly where it stopped, in the same language and format. Do not repeat anything and do not comment on the interruption.',
  'continue-work':
    'You stopped because you had used your tools as often as one answer may. You may use them again now. Go on with the task from where you were, do not repeat what you have said or done, and then finish your answer.',
  'answer-at-limit':
    'You have used your tools as often as one answer may, so none can be called now. Answer with what you have found so far, in the language of the conversation, and say plainly what is not done yet.',
  'answer-repeating':
    'You kept making the same tool calls with the same results, so none can be called now. Answer with what you have found so far, in the language of the conversation, and say plainly what you could not do.',
}
