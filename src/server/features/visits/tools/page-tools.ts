import { z } from 'zod'
import type { BotTool } from '../../../../contract/bots.ts'
import type { Db } from '../../../platform/db/index.ts'
import type { PageContents } from '../../pages/index.ts'
import { type ShownAnswer, type Tool, ToolFailure } from '../../tools/index.ts'
import { answerSurface, faqSurface } from '../surfaces/faq-surface.ts'
import { linksSurface } from '../surfaces/links-surface.ts'
import { matching } from './matching.ts'

export interface PageToolDeps {
  db: Db
  baseUrl: string
  /** The page of a workspace as strangers see it. */
  findContents(db: Db, workspaceId: string): Promise<PageContents | undefined>
}

/** What the model calls each of them. */
export const toolOf: Record<BotTool, string> = { links: 'show_links', faq: 'show_answers' }

/** The most that is shown in one surface. */
const maxShown = 12

/** What is on a page, as tools of its bot. They find and show; the model only says what is looked for. */
export function pageTools(deps: PageToolDeps): Tool[] {
  const contentsOf = async (workspaceId: string): Promise<PageContents> => {
    const contents = await deps.findContents(deps.db, workspaceId)
    if (!contents) throw new ToolFailure('The page is not public at the moment.')
    return contents
  }
  const common = { isRepeatable: true, permission: 'allow', isForAgents: true, timeoutMs: 10_000 } as const
  const topic = z.string().max(300).optional()

  const links: Tool<{ topic?: string | undefined }> = {
    ...common,
    name: toolOf.links,
    description: 'Shows the visitor links of this page as cards: all of them, or those about a topic.',
    input: z.strictObject({ topic: topic.describe('words that the links are about; leave it out for all links') }),
    run: async ({ topic: about }, { workspaceId }) => showLinks(deps, await contentsOf(workspaceId), about),
  }
  const faq: Tool<{ question?: string | undefined }> = {
    ...common,
    name: toolOf.faq,
    description:
      "Looks a visitor's question up among the questions that this page answers, and shows what fits. Without a question it shows them all.",
    input: z.strictObject({ question: topic.describe("the visitor's question in their own words") }),
    run: async ({ question }, { workspaceId }) => showAnswers(await contentsOf(workspaceId), question),
  }
  return [links as Tool, faq as Tool]
}

/** The same without a model, for a quick action. Undefined: there is nothing to show. */
export async function showByItself(
  deps: Pick<PageToolDeps, 'baseUrl'>,
  contents: PageContents,
  tool: BotTool,
): Promise<ShownAnswer | undefined> {
  const shown = tool === 'links' ? await showLinks(deps, contents, undefined) : await showAnswers(contents, undefined)
  return typeof shown === 'string' ? undefined : shown
}

async function showLinks({ baseUrl }: Pick<PageToolDeps, 'baseUrl'>, { slug, links }: PageContents, about: string | undefined) {
  const found = about ? matching(links, about, ({ title, description }) => [title, description ?? '']) : links
  const shown = (found.length > 0 ? found : links)
    .slice(0, maxShown)
    .map((link) => ({ ...link, href: `${baseUrl}/@${slug}/go/${link.id}` }))
  if (shown.length === 0) return 'The page has no links.'
  const list = shown.map(({ title, description }) => `- ${title}${description ? `: ${description}` : ''}`).join('\n')
  const head = about && found.length === 0 ? 'No link is about that. All links are shown to the visitor:' : 'Shown to the visitor:'
  return { text: `${head}\n${list}`, surface: await linksSurface(shown) }
}

async function showAnswers({ faq }: PageContents, question: string | undefined): Promise<string | ShownAnswer> {
  if (faq.length === 0) return 'The page answers no questions yet.'
  const found = question ? matching(faq, question, (entry) => [entry.question, entry.answer]).slice(0, 3) : faq.slice(0, maxShown)
  const [first] = found
  if (!first) return 'None of the questions that the page answers fits.'
  if (question && found.length === 1) {
    return { text: `Shown to the visitor:\n${first.question}\n${first.answer}`, surface: await answerSurface(first) }
  }
  const list = found.map((entry) => (question ? `- ${entry.question}\n  ${entry.answer}` : `- ${entry.question}`)).join('\n')
  return { text: `These questions are shown to the visitor, who can open their answers:\n${list}`, surface: await faqSurface(found) }
}
