import type { ModelParameters } from '../../../contract/workspaces.ts'
import { w } from './strings.ts'

interface NumberRange {
  min: number
  max: number
  isWhole: boolean
}

export interface Parameter extends NumberRange {
  name: keyof ModelParameters
}

/** In the order they are shown; the ranges are the contract's. */
export const parameters: readonly Parameter[] = [
  { name: 'temperature', min: 0, max: 2, isWhole: false },
  { name: 'maxTokens', min: 1, max: 1_000_000, isWhole: true },
  { name: 'topP', min: 0, max: 1, isWhole: false },
  { name: 'frequencyPenalty', min: -2, max: 2, isWhole: false },
  { name: 'presencePenalty', min: -2, max: 2, isWhole: false },
]

/** The number typed; null for nothing typed, which is then not sent; undefined for what is no number of this range. */
export function parseParameter({ min, max, isWhole }: NumberRange, text: string): number | null | undefined {
  const trimmed = text.trim().replace('−', '-')
  if (trimmed === '') return null
  if (!/^-?\d*\.?\d+$/.test(trimmed)) return undefined
  const value = Number(trimmed)
  return value < min || value > max || (isWhole && !Number.isInteger(value)) ? undefined : value
}

export const rangeOf = ({ min, max, isWhole }: NumberRange): string => w(isWhole ? 'parameter.whole' : 'parameter.range', { min, max })
