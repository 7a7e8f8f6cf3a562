import type { PageContent } from './page-content.ts'

/** What the page says to machines, in schema.org's words: a profile of a person, and the questions if there are any. */
export function structuredData(page: PageContent, url: string): object {
  const { displayName, tagline, bio, email, avatarUrl, socialLinks, faq } = page
  const person = {
    '@type': 'Person',
    '@id': `${url}#person`,
    name: displayName,
    alternateName: page.slug,
    url,
    ...((bio ?? tagline) && { description: bio ?? tagline }),
    ...(avatarUrl && { image: avatarUrl }),
    ...(email && { email: `mailto:${email}` }),
    ...(socialLinks.length > 0 && { sameAs: socialLinks.map((link) => link.url) }),
  }
  const graph: object[] = [{ '@type': 'ProfilePage', '@id': url, url, name: displayName, mainEntity: person }]
  if (faq.length > 0)
    graph.push({
      '@type': 'FAQPage',
      '@id': `${url}#faq`,
      mainEntity: faq.map(({ question, answer }) => ({
        '@type': 'Question',
        name: question,
        acceptedAnswer: { '@type': 'Answer', text: answer },
      })),
    })
  return { '@context': 'https://schema.org', '@graph': graph }
}
