import { A2uiLitElement, Catalog, createFunctionImplementation, OpenUrlApi } from '@a2ui/web_core/v0_9'
import {
  A2uiButton,
  A2uiCard,
  A2uiColumn,
  A2uiDivider,
  A2uiList,
  A2uiRow,
  A2uiText,
  BasicCatalogA2uiLitElement,
} from '@a2ui/web_core/v0_9/basic_catalog'
import { buttonTag } from './button-element.ts'
import { openUrl } from './open-url.ts'
import { textTag } from './text-element.ts'

// The elements would put a style sheet on the whole document, which may be somebody else's, and which it would make dark by night.
BasicCatalogA2uiLitElement.prototype.connectedCallback = A2uiLitElement.prototype.connectedCallback

/** What of the basic catalogue our tools build with. Inputs and pictures join it with the tools that need them. */
export const catalogue = new Catalog(
  'https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json',
  [{ ...A2uiText, tagName: textTag }, { ...A2uiButton, tagName: buttonTag }, A2uiCard, A2uiColumn, A2uiDivider, A2uiList, A2uiRow],
  [createFunctionImplementation(OpenUrlApi, ({ url }) => openUrl(url))],
)
