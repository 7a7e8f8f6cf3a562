import type { ThinkingLevel } from '../../../contract/models.ts'
import { baseUrlOf, speaksResponses } from './base-url.ts'
import type { ModelTarget } from './index.ts'

/**
 * How much a model can be told to think: what its provider documents and its package translates. Nothing for models of which that is not known: a
 * switch that nobody answers would be a lie, and some providers refuse the call for it.
 * Sources: OpenAI, "Reasoning > Reasoning effort" and its models' pages; Anthropic, "Effort" and "Extended thinking"; Gemini API, "Thinking"; xAI, "Reasoning".
 */
export function thinkingLevels(target: Pick<ModelTarget, 'provider' | 'internalName' | 'baseUrl'>): readonly ThinkingLevel[] {
  const name = target.internalName
  switch (target.provider) {
    case 'openai':
      return speaksResponses(baseUrlOf(target)) ? ofOpenAi(name) : []
    case 'anthropic':
      return ofAnthropic(name)
    case 'google':
      return ofGoogle(name)
    case 'xai':
      return ofXai(name)
    default:
      return []
  }
}

const levels = ['low', 'medium', 'high'] as const
const allLevels = ['off', ...levels] as const

/** Pro, codex and chat variants take other levels or none. */
function ofOpenAi(name: string): readonly ThinkingLevel[] {
  const family = /^(o[134](?:-mini)?|gpt-(\d+)(?:\.(\d+))?(?:-mini|-nano)?)(?:-\d{4}-\d\d-\d\d)?$/.exec(name)
  if (!family || family[1] === 'o1-mini') return []
  const [, , major, minor] = family
  if (major === undefined) return levels
  if (Number(major) < 5) return []
  return Number(major) === 5 && Number(minor ?? 0) >= 1 ? allLevels : levels
}

/** With thinking on request: 3.7, Opus and Sonnet from 4 on, Haiku from 4.5 on. From 5 on some think whatever they are told. */
function ofAnthropic(name: string): readonly ThinkingLevel[] {
  if (name.startsWith('claude-3-7-sonnet')) return allLevels
  const family = /^claude-(opus|sonnet|haiku|fable)-(\d)(?:-(\d)(?!\d))?/.exec(name)
  if (!family) return []
  const [, kind, major, minor] = family
  if (Number(major) < 4 || (kind === 'haiku' && major === '4' && minor !== '5')) return []
  if (Number(major) === 4) return allLevels
  const alwaysThinks = kind === 'fable' || major !== '5' || (minor !== undefined && kind !== 'haiku')
  return alwaysThinks ? levels : allLevels
}

function ofGoogle(name: string): readonly ThinkingLevel[] {
  if (/image|tts|live|audio|embedding/.test(name)) return []
  if (name.startsWith('gemini-2.5-flash')) return allLevels
  if (name.startsWith('gemini-2.5-pro')) return levels
  if (name.startsWith('gemini-3-pro')) return ['low', 'high']
  return /^gemini-[3-9]/.test(name) ? levels : []
}

function ofXai(name: string): readonly ThinkingLevel[] {
  if (name.startsWith('grok-3-mini')) return ['low', 'high']
  return /^grok-4\.[3-9](?!\d)/.test(name) ? allLevels : []
}
