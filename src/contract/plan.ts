// The tool that shows what a model means to do: the screens draw its newest call as a list.

export const planName = 'plan'

export const stepStates = ['open', 'active', 'done', 'dropped'] as const
export type StepState = (typeof stepStates)[number]

export interface PlannedStep {
  text: string
  state: StepState
}

/** Of a call's arguments, which a model wrote: undefined where they are no plan. */
export function stepsOf(args: unknown): PlannedStep[] | undefined {
  const steps = (args as { steps?: unknown } | null)?.steps
  if (!Array.isArray(steps) || steps.length === 0) return undefined
  const read = steps.map((one: unknown) => {
    const { text, state } = (one ?? {}) as Partial<PlannedStep>
    return typeof text === 'string' && stepStates.some((known) => known === state) ? { text, state: state! } : undefined
  })
  return read.every((one) => one !== undefined) ? read : undefined
}
