import { socialPlatforms } from '../contract/page-choices.ts'
import { type PageContent, paragraphs } from './page-content.ts'
import { words } from './strings.ts'

/** The page in Markdown for readers that are programs (https://llmstxt.org). */
export function renderLlmsText(page: PageContent, url: string): string {
  const links = [
    ...page.links.map((link) => `- [${label(link.title)}](<${link.url}>)${link.description ? `: ${line(link.description)}` : ''}`),
    ...page.socialLinks.map((link) => `- [${label(socialPlatforms[link.platform])}](<${link.url}>)`),
    ...(page.email ? [`- ${words.email}: ${page.email}`] : []),
  ]
  const blocks = [
    `# ${line(page.displayName)}`,
    page.tagline && `> ${line(page.tagline)}`,
    ...(page.bio ? paragraphs(page.bio).map(line) : []),
    url,
    links.length > 0 && `## ${words.links}\n\n${links.join('\n')}`,
    page.faq.length > 0 && `## ${words.questions}`,
    ...page.faq.flatMap(({ question, answer }) => [`### ${line(question)}`, ...paragraphs(answer).map(line)]),
  ]
  return `${blocks.filter(Boolean).join('\n\n')}\n`
}

/** On one line that is no heading, quotation or list, whatever it begins with. */
const line = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?=[#>*+\-`=~])|(?<=^\d+)(?=[.)])/, '\\')
const label = (text: string) => line(text).replace(/[[\]\\]/g, '\\$&')
