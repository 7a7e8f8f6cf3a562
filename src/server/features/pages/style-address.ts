import { PageTheme } from '../../../contract/pages.ts'

export const stylePath = '/@/style.css'

/** Where the style sheet of a theme is served. The theme is all in the address, so what is there never changes between two releases. */
export function styleAddress({ preset, accent, scheme }: PageTheme): string {
  return `${stylePath}?${new URLSearchParams({ preset, scheme, ...(accent !== null && { accent }) })}`
}

/** Undefined for what is no theme. */
export function themeOfAddress(query: Record<string, string>): PageTheme | undefined {
  return PageTheme.safeParse(query).data
}
