/** A passage that a rule found: from and to in UTF-16 units, and what kind of thing it is, in the words that stand in its place. */
export interface Finding {
  start: number
  end: number
  label: string
}

/** In the order of the text; of two that overlap the first stays, longer where it has to be. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const kept: Finding[] = []
  for (const finding of findings.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1)
    if (!last || finding.start >= last.end) kept.push({ ...finding })
    else if (finding.end > last.end) last.end = finding.end
  }
  return kept
}

export function hide(text: string, findings: readonly Finding[]): string {
  let result = ''
  let at = 0
  for (const { start, end, label } of inOrder(findings)) {
    result += `${text.slice(at, start)}[${label}]`
    at = end
  }
  return result + text.slice(at)
}

/** As `e-mail address 2, phone number 1`: what is kept of what was found. */
export function summaryOf(findings: readonly Pick<Finding, 'label'>[]): string {
  const counts = new Map<string, number>()
  for (const { label } of findings) counts.set(label, (counts.get(label) ?? 0) + 1)
  return [...counts].map(([label, count]) => `${label} ${count}`).join(', ')
}
