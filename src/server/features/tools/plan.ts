import { z } from 'zod'
import { planName, stepStates } from '../../../contract/plan.ts'
import type { Tool } from './tool.ts'

const input = z.strictObject({
  steps: z
    .array(
      z.strictObject({
        text: z.string().trim().min(1).max(300),
        state: z.enum(stepStates).describe('one at most is active'),
      }),
    )
    .min(1)
    .max(30)
    .describe('all steps, also those that did not change'),
})

/** What a model means to do, said once and kept up: shown as one list that changes, and nothing is done by it. */
export const plan: Tool<z.infer<typeof input>> = {
  name: planName,
  description:
    'Writes down the steps of a task that takes several, and later how far each is. The person sees the newest list. Not for what is answered at once.',
  input,
  isRepeatable: true,
  permission: 'allow',
  isForMembers: true,
  timeoutMs: 5_000,
  run({ steps }) {
    const done = steps.filter(({ state }) => state === 'done').length
    const next = steps.find(({ state }) => state === 'active') ?? steps.find(({ state }) => state === 'open')
    return Promise.resolve(`${done} of ${steps.length} done.${next ? ` Now: ${next.text}` : ' Nothing is left to do: answer the person.'}`)
  },
}
