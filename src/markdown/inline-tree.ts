export type Inline =
  | string
  | { type: 'strong' | 'em' | 'del'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'link'; url: string; title: string; children: Inline[] }
  | { type: 'image'; url: string; title: string; alt: string }
  | { type: 'formula'; tex: string; source: string; isDisplay: boolean }
  | { type: 'break' }

export type Tag = 'strong' | 'em' | 'del'

/** A run of `*`, `_` or `~`. Pairs only leave marks here; the tree is built once, at the end. */
export interface Run {
  kind: 'run'
  order: number
  mark: string
  count: number
  length: number
  canOpen: boolean
  canClose: boolean
  opens: Tag[]
  closes: Tag[]
  previous: Run | undefined
  next: Run | undefined
}
type Edge = { kind: 'open-link' | 'open-image'; url: string; title: string } | { kind: 'close' }
export type Piece = Inline | Run | Edge | Bracket
export interface Bracket {
  kind: 'bracket'
  isImage: boolean
  at: number
  /** Position behind it in the text, and the last run before it. */
  from: number
  runBefore: Run | undefined
}

/** Deeper marks are dropped, their text stays. */
const maxNesting = 16

interface Level {
  node: Exclude<Inline, string> | undefined
  children: Inline[]
}

export function buildTree(pieces: readonly Piece[]): Inline[] {
  const root: Level = { node: undefined, children: [] }
  const stack: Level[] = [root]
  // Every open has its close at the same depth, so what lies too deep is simply poured into its parent.
  const open = (node: Exclude<Inline, string>) => {
    stack.push(stack.length > maxNesting ? { node: undefined, children: stack.at(-1)!.children } : { node, children: [] })
  }
  const close = () => {
    const level = stack.pop()!
    const parent = stack.at(-1) ?? root
    if (level.node && 'children' in level.node) parent.children.push({ ...level.node, children: level.children })
    else if (level.node?.type === 'image') parent.children.push({ ...level.node, alt: plainText(level.children) })
  }
  for (const piece of pieces) {
    if (typeof piece === 'string') add(stack.at(-1)!.children, piece)
    else if ('type' in piece) stack.at(-1)!.children.push(piece)
    else if (piece.kind === 'bracket') add(stack.at(-1)!.children, piece.isImage ? '![' : '[')
    else if (piece.kind === 'close') close()
    else if (piece.kind === 'run') {
      for (const _ of piece.closes) close()
      add(stack.at(-1)!.children, piece.mark.repeat(piece.count))
      // The last pair found is the outermost.
      for (const type of piece.opens.toReversed()) open({ type, children: [] })
    } else if (piece.kind === 'open-link') open({ type: 'link', url: piece.url, title: piece.title, children: [] })
    else open({ type: 'image', url: piece.url, title: piece.title, alt: '' })
  }
  while (stack.length > 1) close()
  return root.children
}

function add(children: Inline[], text: string): void {
  if (text === '') return
  const last = children.length - 1
  const before = children[last]
  if (typeof before === 'string') children[last] = before + text
  else children.push(text)
}

export function plainText(nodes: readonly Inline[]): string {
  return nodes
    .map((node) =>
      typeof node === 'string'
        ? node
        : node.type === 'break'
          ? '\n'
          : node.type === 'code'
            ? node.text
            : node.type === 'formula'
              ? node.tex
              : node.type === 'image'
                ? node.alt
                : plainText(node.children),
    )
    .join('')
}
