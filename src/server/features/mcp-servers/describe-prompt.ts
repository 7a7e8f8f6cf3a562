import { plainWords } from '../../platform/mcp/index.ts'

/** What a server lists of a prompt, as far as it is looked at. */
interface ListedPrompt {
  name: string
  title?: string | undefined
  description?: string | undefined
  arguments?: { name: string; description?: string | undefined; required?: boolean | undefined }[] | undefined
}

export interface DescribedPrompt {
  name: string
  title: string | null
  description: string
  arguments: { name: string; description: string | null; isRequired: boolean }[]
}

const maxName = 200
const maxArguments = 50

/** A stranger's words, bounded and without what is not seen. Undefined: nothing that can be asked for. */
export function describePrompt(prompt: ListedPrompt): DescribedPrompt | undefined {
  const given = prompt.arguments ?? []
  const isPlain = [prompt.name, ...given.map(({ name }) => name)].every((name) => name !== '' && name === plainWords(name, maxName))
  if (!isPlain || given.length > maxArguments) return undefined
  return {
    name: prompt.name,
    title: prompt.title ? plainWords(prompt.title, 100) || null : null,
    description: plainWords(prompt.description ?? '', 500),
    arguments: given.map(({ name, description, required }) => ({
      name,
      description: description ? plainWords(description, 300) || null : null,
      isRequired: required === true,
    })),
  }
}
