const fence = /^( {0,3})(`{3,}|~{3,})[ \t]*(.*)$/

export interface Fence {
  indent: number
  mark: string
  language: string
}

export function openFence(line: string): Fence | undefined {
  const found = fence.exec(line)
  if (!found || (found[2]!.startsWith('`') && found[3]!.includes('`'))) return undefined
  return { indent: found[1]!.length, mark: found[2]!, language: /^[^\s{]*/.exec(found[3]!)?.[0] ?? '' }
}

export function closesFence(line: string, open: Fence): boolean {
  const found = fence.exec(line)
  return found !== null && found[3] === '' && found[2]![0] === open.mark[0] && found[2]!.length >= open.mark.length
}
