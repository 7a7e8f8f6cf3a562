import type { StoredPart } from '../conversations/index.ts'

/** So often the same calls may bring the same results; a tool that is asked whether something is ready yet may well. */
const rounds = 3
/** One pass again and again, or two in turn. */
const periods = [1, 2]

/** What calls get in place of a result, instead of being run once more. */
export const repeatedResult = `Not run: this very call has brought the same result ${rounds} times in a row. Do something else: change the arguments, use another tool, or answer with what you have.`
export const stillRepeatingResult = 'Not run: it is still the same call. No more tools can be called for this answer.'

interface Pass {
  calls: string
  results: string
  isRefused: boolean
}

type Called = { toolName: string; arguments: unknown }

/** `tell`: the calls are repetitions and get a result that says so. `end`: that was told already, and the model has to answer without tools. */
export function judgeCalls(parts: readonly StoredPart[], firstStep: number, called: readonly Called[]): 'run' | 'tell' | 'end' {
  const passes = passesOf(parts, firstStep)
  const next = keyOf(called)
  if (passes.at(-1)?.isRefused) return passes.slice(-2).some(({ calls }) => calls === next) ? 'end' : 'run'
  const isRepeated = periods.some((period) => {
    const recent = passes.slice(-period * rounds)
    if (recent.length < period * rounds || recent[0]!.calls !== next) return false
    return recent.every(({ calls, results }, index) => {
      const before = recent[index - period]
      return !before || (before.calls === calls && before.results === results)
    })
  })
  return isRepeated ? 'tell' : 'run'
}

/** In the pass before this one the model would not leave off. */
export function hasKeptRepeating(parts: readonly StoredPart[], step: number): boolean {
  return parts.some((part) => part.type === 'tool-call' && part.step === step - 1 && part.result === stillRepeatingResult)
}

function passesOf(parts: readonly StoredPart[], firstStep: number): Pass[] {
  const steps = new Map<number, Extract<StoredPart, { type: 'tool-call' }>[]>()
  for (const part of parts) {
    if (part.type === 'tool-call' && part.step >= firstStep && !part.isProviders)
      steps.set(part.step, [...(steps.get(part.step) ?? []), part])
  }
  return [...steps.values()].map((calls) => ({
    calls: keyOf(calls),
    results: JSON.stringify(calls.map(({ state, result }) => [state, result])),
    isRefused: calls.some(({ result }) => result === repeatedResult),
  }))
}

function keyOf(called: readonly Called[]): string {
  return called.map((call) => `${call.toolName} ${JSON.stringify(sorted(call.arguments))}`).join('\n')
}

/** The same arguments in another order are the same. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
