import { A2uiLitElement } from '@a2ui/web_core/v0_9'

/**
 * What the renderer's elements do when they are connected, but for one thing: they would put a style sheet on the whole document, which may be
 * somebody else's, and which it would make dark by night. So each element that is used is one of ours.
 */
export function connectQuietly(element: A2uiLitElement): void {
  A2uiLitElement.prototype.connectedCallback.call(element)
}
