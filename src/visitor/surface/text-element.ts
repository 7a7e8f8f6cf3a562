import { A2uiBasicTextElement } from '@a2ui/web_core/v0_9/basic_catalog'
import { html } from 'lit'
import { readDocument } from '../../markdown/index.ts'
import { blockNode } from '../text/markdown-nodes.ts'
import { connectQuietly } from './connect-quietly.ts'

export const textTag = 'parley-surface-text'

/** Text whose Markdown is read here: the renderer's own way is a string of HTML from a package that would have to be trusted with it. */
class TextElement extends A2uiBasicTextElement {
  #shown: string | undefined
  #nodes: Node[] = []

  override connectedCallback() {
    connectQuietly(this)
  }

  override render() {
    const { text, variant = 'body' } = this.controller.props
    if (variant !== 'body') return super.render()
    const shown = typeof text === 'string' ? text : ''
    if (shown !== this.#shown) {
      const { blocks, references } = readDocument(shown)
      this.#shown = shown
      this.#nodes = blocks.map((block) => blockNode(block, references))
    }
    return html`<div class="a2ui-text body">${this.#nodes}</div>`
  }
}

customElements.define(textTag, TextElement)
