/** Marks beside the words, which no word can be: whose a message is, its model, its agent, its month. */
export const ownerMark = (ownerId: string): string => `@${ownerId.replaceAll('-', '')}`
export const modelMark = (modelId: string): string => `#${modelId.replaceAll('-', '')}`
export const agentMark = (agentId: string): string => `+${agentId.replaceAll('-', '')}`
export const monthMark = (at: Date): string => `%${at.toISOString().slice(0, 7).replace('-', '')}`

/** More than so many are no help any more. */
const mostMonths = 24

/** The months of a stretch of time; none where it is open or long. */
export function monthMarks(since: Date | null, until: Date | null): string[] {
  if (!since) return []
  const end = until ?? new Date()
  const marks: string[] = []
  const at = new Date(Date.UTC(since.getUTCFullYear(), since.getUTCMonth(), 1))
  for (; at < end; at.setUTCMonth(at.getUTCMonth() + 1)) {
    marks.push(monthMark(at))
    if (marks.length > mostMonths) return []
  }
  return marks
}
