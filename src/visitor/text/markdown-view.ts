import { type Block, documentReader, type References, withoutUndecided } from '../../markdown/index.ts'
import { blockNode } from './markdown-nodes.ts'

/** Shows the successive states of one growing text. Blocks that did not change keep their elements, and with them a reader's selection. */
export function markdownView(container: HTMLElement): (text: string, isOpen: boolean) => void {
  const read = documentReader()
  const drawn: { block: Block; references: References; isOpen: boolean; node: HTMLElement }[] = []
  return (text, isOpen) => {
    const { blocks, references } = read(isOpen ? withoutUndecided(text) : text)
    blocks.forEach((block, index) => {
      const isBlockOpen = isOpen && index === blocks.length - 1
      const before = drawn[index]
      // A reference that arrives late changes what earlier blocks mean.
      if (before?.block === block && before.references === references && before.isOpen === isBlockOpen) return
      const node = blockNode(block, references, isBlockOpen)
      if (before) before.node.replaceWith(node)
      else container.append(node)
      drawn[index] = { block, references, isOpen: isBlockOpen, node }
    })
    for (const { node } of drawn.splice(blocks.length)) node.remove()
  }
}
