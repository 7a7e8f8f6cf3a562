import type { Skill } from './answer.ts'

const code: Record<string, string> = {
  python: `def primes(limit: int) -> list[int]:
    """All prime numbers below the limit (sieve of Eratosthenes)."""
    is_prime = [True] * limit
    for number in range(2, int(limit ** 0.5) + 1):
        if is_prime[number]:
            for multiple in range(number * number, limit, number):
                is_prime[multiple] = False
    return [number for number in range(2, limit) if is_prime[number]]


print(primes(50))`,
  typescript: `/** Groups items by what \`keyOf\` says of them. */
export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return groups
}

console.log(groupBy(['ant', 'bee', 'auk'], (word) => word[0]))`,
  javascript: `const countWords = (text) => {
  const counts = new Map()
  for (const word of text.toLowerCase().match(/\\p{L}+/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])
}

console.log(countWords('the cat and the hat'))`,
  sql: `SELECT author, count(*) AS messages, max(created_at) AS latest
FROM message
WHERE created_at > now() - interval '7 days'
GROUP BY author
HAVING count(*) > 5
ORDER BY messages DESC;`,
  bash: `#!/usr/bin/env bash
set -euo pipefail

# The ten largest files below a folder.
folder="\${1:-.}"
find "$folder" -type f -printf '%s\\t%p\\n' | sort -rn | head -n 10`,
  rust: `fn fibonacci(count: usize) -> Vec<u64> {
    let mut numbers = vec![0, 1];
    while numbers.len() < count {
        let next = numbers[numbers.len() - 1] + numbers[numbers.len() - 2];
        numbers.push(next);
    }
    numbers.truncate(count);
    numbers
}

fn main() {
    println!("{:?}", fibonacci(20));
}`,
  json: `{
  "name": "parley",
  "isSelfHosted": true,
  "providers": ["openai", "anthropic", "google", "xai", "ollama"],
  "limits": { "tokens": 128000, "price": null }
}`,
}

const aliases: [RegExp, keyof typeof code][] = [
  [/\bpython\b|\bpy\b/i, 'python'],
  [/\btypescript\b|\bts\b/i, 'typescript'],
  [/\bjavascript\b|\bjs\b|\bnode\b/i, 'javascript'],
  [/\bsql\b|\bpostgres/i, 'sql'],
  [/\bbash\b|\bshell\b/i, 'bash'],
  [/\brust\b/i, 'rust'],
  [/\bjson\b/i, 'json'],
]

const markdown = `# A page of Markdown

Text with **bold**, *italics*, ~~struck~~, \`code\` and a [link](https://commonmark.org).

## Lists

1. First
2. Second
   - with a point below
   - and another
3. Third

- [x] done
- [ ] still open

## A table

| Shape | Corners | Area |
|---|---:|---|
| Triangle | 3 | base × height ÷ 2 |
| Square | 4 | side² |
| Circle | 0 | π × radius² |

## A quotation

> Simple things should be simple, complex things should be possible.

## Code

\`\`\`python
${code.python}
\`\`\`

---

That is the end of the sample.`

const table = `| Planet | Moons | Diameter in km |
|---|---:|---:|
| Mercury | 0 | 4,879 |
| Venus | 0 | 12,104 |
| Earth | 1 | 12,756 |
| Mars | 2 | 6,792 |`

const filler =
  'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua ut enim ad minim veniam quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat'.split(
    ' ',
  )

/** Prepared texts, so that one can see how answers look without any model. */
export const answerSamples: Skill = ({ question }) => {
  if (question.length > 200) return undefined
  const placeholder = /\blorem ipsum\b(?:.*?\b(\d{1,5}) words)?|\b(\d{1,5}) words of (?:lorem|filler|placeholder)/i.exec(question)
  if (placeholder) return fillerText(Number(placeholder[1] ?? placeholder[2] ?? 60))
  if (/\bmarkdown\b/i.test(question) && /\b(?:demo|sample|example|show|test|page|formatt?ing)\b/i.test(question)) return markdown
  const wantsSample = /\b(?:sample|example|snippet|demo)\b/i.test(question)
  if (/\btable\b/i.test(question) && (wantsSample || /\bshow (?:me )?(?:a |the )?table\b/i.test(question))) return table
  const language = aliases.find(([pattern]) => pattern.test(question))?.[1]
  if (wantsSample && (language !== undefined || /\bcode\b/i.test(question))) {
    const name = language ?? 'typescript'
    return `A prepared sample in ${name}:\n\n\`\`\`${name}\n${code[name]}\n\`\`\``
  }
  return undefined
}

function fillerText(count: number): string {
  const words = Array.from({ length: Math.min(count, 5_000) }, (_, index) => filler[index % filler.length]!)
  const text = words
    .map((word, index) => (index % 12 === 0 ? word[0]!.toUpperCase() + word.slice(1) : index % 12 === 11 ? `${word}.` : word))
    .join(' ')
  return text.endsWith('.') ? text : `${text}.`
}
