/** What a stretch of code is, as far as it gets a look of its own. The names are those of the classes in `markdown.css`. */
const kinds = ['keyword', 'string', 'number', 'comment', 'name', 'type', 'attribute', 'meta', 'added', 'removed'] as const
export type TokenKind = (typeof kinds)[number]

/** `[from, to)` in the code, in UTF-16 units, in order and without overlaps. */
export type Token = readonly [from: number, to: number, kind: TokenKind]

export interface HighlightRequest {
  id: number
  language: string
  text: string
}
export interface HighlightAnswer {
  id: number
  tokens: Token[]
}

const kindOf: Record<string, TokenKind> = {
  keyword: 'keyword',
  literal: 'keyword',
  operator: 'keyword',
  built_in: 'type',
  type: 'type',
  class: 'type',
  'selector-tag': 'keyword',
  'selector-class': 'name',
  'selector-id': 'name',
  string: 'string',
  regexp: 'string',
  char: 'string',
  link: 'string',
  number: 'number',
  symbol: 'number',
  bullet: 'keyword',
  comment: 'comment',
  quote: 'comment',
  doctag: 'comment',
  title: 'name',
  section: 'name',
  name: 'keyword',
  tag: 'meta',
  attr: 'attribute',
  attribute: 'attribute',
  property: 'attribute',
  variable: 'attribute',
  'template-variable': 'attribute',
  meta: 'meta',
  addition: 'added',
  deletion: 'removed',
}

const piece = /<span class="hljs-([\w-]+)[^"]*">|<\/span>|&(amp|lt|gt|quot|#x27);|[^<&]+/g

/** highlight.js answers in HTML with escaped text; only positions are taken from it, so nothing of it ever reaches the page. */
export function tokensOf(html: string): Token[] {
  const tokens: Token[] = []
  const open: (TokenKind | undefined)[] = []
  let at = 0
  for (const [whole, name, entity] of html.matchAll(piece)) {
    if (name !== undefined) open.push(kindOf[name] ?? open.at(-1))
    else if (whole === '</span>') open.pop()
    else {
      const length = entity === undefined ? whole.length : 1
      const kind = open.at(-1)
      const last = tokens.at(-1)
      if (kind !== undefined && last?.[1] === at && last[2] === kind) tokens[tokens.length - 1] = [last[0], at + length, kind]
      else if (kind !== undefined) tokens.push([at, at + length, kind])
      at += length
    }
  }
  return tokens
}
