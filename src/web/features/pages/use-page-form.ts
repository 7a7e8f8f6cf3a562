import type { Page, PageTheme, SocialLink } from '../../../contract/pages.ts'
import { api } from '../../api.ts'
import { type FormState, useForm } from '../../ui/form.tsx'
import { isWebAddress, withScheme } from './addresses.ts'
import { useSavePage } from './page-queries.ts'
import { s } from './strings.ts'

export interface PageValues {
  displayName: string
  tagline: string
  bio: string
  email: string
  avatarUrl: string
  socialLinks: SocialLink[]
  theme: PageTheme
}

export type PageForm = FormState<PageValues>

export function usePageForm(page: Page): PageForm {
  const savePage = useSavePage()
  return useForm<PageValues>({
    draftKey: `page ${page.id}`,
    initial: {
      displayName: page.displayName,
      tagline: page.tagline ?? '',
      bio: page.bio ?? '',
      email: page.email ?? '',
      avatarUrl: page.avatarUrl ?? '',
      socialLinks: page.socialLinks,
      theme: page.theme,
    },
    check: ({ displayName }) => (displayName.trim() === '' ? { displayName: s('name.missing') } : {}),
    submit: async ({ avatarUrl, socialLinks, ...rest }) => {
      savePage(
        await api.pages.update({
          pageId: page.id,
          ...rest,
          avatarUrl: avatarUrl.trim() === '' ? null : withScheme(avatarUrl),
          socialLinks: filled(socialLinks),
        }),
      )
    },
  })
}

function filled(links: readonly SocialLink[]): SocialLink[] {
  return links.filter(({ url }) => url.trim() !== '').map(({ platform, url }) => ({ platform, url: withScheme(url) }))
}

export type PageDraft = ReturnType<typeof draftOf>

/** What a preview can show of the values as they are being typed: those that are whole. Pictures are not loaded there. */
export function draftOf({ displayName, email, socialLinks, tagline, bio, theme }: PageValues) {
  return {
    tagline,
    bio,
    theme,
    socialLinks: filled(socialLinks).filter(({ url }) => isWebAddress(url)),
    ...(displayName.trim() !== '' && { displayName }),
    ...((email === '' || /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(email)) && { email }),
  }
}
