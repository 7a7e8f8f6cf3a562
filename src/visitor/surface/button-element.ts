import { A2uiBasicButtonElement } from '@a2ui/web_core/v0_9/basic_catalog'
import { html } from 'lit'
import { safeUrl } from '../../markdown/index.ts'
import { connectQuietly } from './connect-quietly.ts'

export const buttonTag = 'parley-surface-button'

/** A button that only opens an address is a link: it says where it leads, and can be copied and opened as one. */
class ButtonElement extends A2uiBasicButtonElement {
  override connectedCallback() {
    connectQuietly(this)
  }

  override render() {
    const { child, variant = 'default' } = this.controller.props
    const root = this.getRootNode()
    if (root instanceof ShadowRoot && root.host.hasAttribute('read-only'))
      return html`<button type="button" class="a2ui-button ${variant}" disabled>${this.renderNode(child)}</button>`
    const href = addressOf(this.context.componentModel.properties['action'])
    if (href === undefined) return super.render()
    return html`<a class="a2ui-button ${variant}" href=${href} target="_blank" rel="noopener"
      >${this.renderNode(child)}<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 7h10v10M7 17 17 7" /></svg
    ></a>`
  }
}

/** Of an action `openUrl` with a literal address. */
function addressOf(action: unknown): string | undefined {
  const { call, args } = (action as { functionCall?: { call?: unknown; args?: { url?: unknown } } } | undefined)?.functionCall ?? {}
  return call === 'openUrl' && typeof args?.url === 'string' ? safeUrl(args.url) : undefined
}

customElements.define(buttonTag, ButtonElement)
