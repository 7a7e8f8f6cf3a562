import { AppError } from '../../platform/errors/index.ts'

/** Where a page of a list ends: instants to the millisecond. */
export interface ListPlace {
  isPinned: boolean
  updatedAt: Date
  id: string
}

export const writeCursor = (isPinned: boolean, updatedAt: Date, id: string): string => `${isPinned ? 1 : 0}.${updatedAt.getTime()}.${id}`

export function readCursor(cursor: string): ListPlace {
  const match = /^([01])\.(\d{1,15})\.([0-9a-f-]{36})$/.exec(cursor)
  if (!match) throw new AppError('request.invalid', { issues: [{ path: ['cursor'], message: 'is not a cursor of this list' }] })
  return { isPinned: match[1] === '1', updatedAt: new Date(Number(match[2])), id: match[3]! }
}
