export const statuses = ['active', 'archived', 'trash'] as const
export type Status = (typeof statuses)[number]

/** Which conversations are shown, as the address says it. */
export interface OrganiseAddress {
  status?: Exclude<Status, 'active'> | undefined
  tag?: string | undefined
}

// A field that is left out would keep what the address says, so a bad one is set to nothing.
export function readOrganiseAddress(search: Record<string, unknown>): OrganiseAddress {
  const { status, tag } = search
  return {
    status: status === 'archived' || status === 'trash' ? status : undefined,
    tag: typeof tag === 'string' || typeof tag === 'number' ? String(tag).slice(0, 40) : undefined,
  }
}
