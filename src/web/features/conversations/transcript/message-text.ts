import { planName, type PlannedStep, stepsOf } from '../../../../contract/plan.ts'
import type { FilePart, Part } from '../../../../contract/messages.ts'

/** What a reader would copy: the text, without reasoning and tools, and of a surface the words that say the same. */
export const textOf = (parts: readonly Part[]): string =>
  parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : part.type === 'surface' ? [part.fallback] : []))
    .join('\n\n')
    .trim()

export const filesOf = (parts: readonly Part[]): FilePart[] => parts.filter((part) => part.type === 'file')

export type Segment =
  | { kind: 'text'; key: number; text: string }
  | { kind: 'work'; key: number; parts: Extract<Part, { type: 'reasoning' | 'tool-call' }>[] }
  | { kind: 'sources'; key: number; sources: Extract<Part, { type: 'source' }>[] }
  | { kind: 'files'; key: number; files: FilePart[] }
  | { kind: 'plan'; key: number; steps: PlannedStep[] }
  | { kind: 'surface'; key: number; surface: Extract<Part, { type: 'surface' }> }
  | { kind: 'notice'; key: number; notice: Extract<Part, { type: 'notice' }>['notice'] }

/** Reasoning and tools that follow each other stand together. Sources stand at the end, once each. */
export function segmentsOf(parts: readonly Part[]): Segment[] {
  const segments: Segment[] = []
  const sources: Extract<Part, { type: 'source' }>[] = []
  parts.forEach((part, key) => {
    const last = segments.at(-1)
    if (part.type === 'text') {
      if (last?.kind === 'text') last.text += part.text
      else if (part.text !== '') segments.push({ kind: 'text', key, text: part.text })
    } else if (part.type === 'source') {
      if (!sources.some(({ url }) => url === part.url)) sources.push(part)
    } else if (part.type === 'surface') segments.push({ kind: 'surface', key, surface: part })
    else if (part.type === 'file') {
      if (last?.kind === 'files') last.files.push(part)
      else segments.push({ kind: 'files', key, files: [part] })
    } else if (part.type === 'tool-call' && part.toolName === planName && stepsOf(part.arguments)) {
      // One list that changes, where it was first.
      const steps = stepsOf(part.arguments)!
      const known = segments.find((segment) => segment.kind === 'plan')
      if (known) known.steps = steps
      else segments.push({ kind: 'plan', key, steps })
    } else if (part.type === 'notice') segments.push({ kind: 'notice', key, notice: part.notice })
    else if (last?.kind === 'work') last.parts.push(part)
    else segments.push({ kind: 'work', key, parts: [part] })
  })
  if (sources.length > 0) segments.push({ kind: 'sources', key: parts.length, sources })
  return segments
}

type Call = Extract<Part, { type: 'tool-call' }>
export type WorkGroup = { kind: 'reasoning'; part: Extract<Part, { type: 'reasoning' }> } | { kind: 'calls'; calls: Call[] }

/** Calls of one pass ran side by side and stand together. */
export function groupsOf(parts: Extract<Segment, { kind: 'work' }>['parts']): WorkGroup[] {
  const groups: WorkGroup[] = []
  for (const part of parts) {
    const last = groups.at(-1)
    if (part.type === 'reasoning') groups.push({ kind: 'reasoning', part })
    else if (last?.kind === 'calls' && last.calls[0]!.step === part.step) last.calls.push(part)
    else groups.push({ kind: 'calls', calls: [part] })
  }
  return groups
}
