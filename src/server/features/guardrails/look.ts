import type { GuardrailConfiguration } from '../../../contract/guardrails.ts'
import { type ModelTarget, offlineEmbeddingName } from '../../platform/llm/index.ts'
import type { GuardrailDeps } from './guardrails-deps.ts'
import { type Finding, summaryOf } from './kinds/finding.ts'
import { askJudge, type Asking } from './kinds/judge.ts'
import type { Wanted } from './kinds/passages.ts'
import { findTopic } from './kinds/topics.ts'

export interface Look {
  isFound: boolean
  /** What kind of thing was found, and how often; never the thing. */
  found: string
  /** In each text; null of rules that know no passages. */
  findings: Finding[][] | null
  /** A judge's. */
  reason: string | null
}

/** It runs in this process: nothing leaves the server, and nothing is paid. */
const builtIn: ModelTarget = {
  provider: 'built-in',
  internalName: offlineEmbeddingName,
  connectionId: '',
  baseUrl: null,
  apiKey: null,
  headers: {},
  allowsPrivateAddress: false,
}

/** Long enough for the longest text that is read. */
const topicsMs = 20_000

/** Looks for what a rule is about, in texts that belong together. Throws where it cannot. */
export async function look(
  deps: Pick<GuardrailDeps, 'llm' | 'passages' | 'turnDeps'>,
  configuration: GuardrailConfiguration,
  texts: readonly string[],
  asking: Asking | (() => Promise<Asking>),
  signal: AbortSignal,
): Promise<Look> {
  const nothing: Look = { isFound: false, found: '', findings: null, reason: null }
  switch (configuration.kind) {
    case 'pattern':
    case 'personal_data': {
      const findings = await Promise.all(texts.map((text) => passagesIn(deps, configuration, text)))
      const all = findings.flat()
      return { isFound: all.length > 0, found: summaryOf(all), findings, reason: null }
    }
    case 'length': {
      const { unit, max } = configuration
      const length = texts.reduce((sum, text) => sum + (unit === 'tokens' ? deps.llm.estimateTokens(text) : [...text].length), 0)
      return length > max ? { ...nothing, isFound: true, found: `${length} ${unit}` } : nothing
    }
    case 'topics': {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(topicsMs)])
      const topic = await findTopic(deps.llm.embeddingModel(builtIn), texts.join('\n'), configuration, limit)
      return topic ? { ...nothing, isFound: true, found: `${topic.name} ${topic.nearness.toFixed(2)}` } : nothing
    }
    case 'judge': {
      const text = texts.join('\n\n').trim()
      if (text === '') return nothing
      const who = typeof asking === 'function' ? await asking() : asking
      const { isAgainst, reason } = await askJudge(deps.turnDeps(), who, configuration, text, signal)
      return { isFound: isAgainst, found: isAgainst ? 'judged against' : '', findings: null, reason }
    }
  }
}

/** Passages that a rule knows, in one text. */
export function passagesIn(
  { passages }: Pick<GuardrailDeps, 'passages'>,
  configuration: Extract<GuardrailConfiguration, { kind: 'pattern' | 'personal_data' }>,
  text: string,
): Promise<Finding[]> {
  return passages.find(text, wantedBy(configuration))
}

/** The same words each time, so that what is made of them is made once. */
function wantedBy(configuration: Extract<GuardrailConfiguration, { kind: 'pattern' | 'personal_data' }>): Wanted {
  if (configuration.kind === 'personal_data') return { words: [], expressions: [], isCaseSensitive: false, personal: configuration.finds }
  const { words, expressions, isCaseSensitive } = configuration
  return { words, expressions, isCaseSensitive, personal: [] }
}
