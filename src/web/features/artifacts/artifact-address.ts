import type { MessageId } from '../../../contract/ids.ts'
import type { ArtifactVersion } from './find-artifacts.ts'

/** Where a version stands: its message, and which of its blocks it is. Part of the page's address, so that Back closes it and a reload keeps it. */
export const addressOf = ({ messageId, index }: Pick<ArtifactVersion, 'messageId' | 'index'>): string => `${messageId}.${index}`

export function readAddress(address: string): { messageId: MessageId; index: number } | null {
  const match = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,4})$/.exec(address)
  return match && { messageId: match[1] as MessageId, index: Number(match[2]) }
}
