const slugs = /^[a-z0-9-]{1,60}$/

/** The address of a page in what an address names (`@Ada`): as pages have them, or empty, which none has. It goes into statements and headers. */
export function slugOf(handle: string | undefined): string {
  const slug = (handle ?? '').slice(1).toLowerCase()
  return slugs.test(slug) ? slug : ''
}
