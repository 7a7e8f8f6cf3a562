import { Catalog, createFunctionImplementation, OpenUrlApi } from '@a2ui/web_core/v0_9'
import { A2uiButton, A2uiCard, A2uiColumn, A2uiDivider, A2uiList, A2uiRow, A2uiText } from '@a2ui/web_core/v0_9/basic_catalog'
import { boxTags } from './box-elements.ts'
import { buttonTag } from './button-element.ts'
import { openUrl } from './open-url.ts'
import { textTag } from './text-element.ts'

/** What of the basic catalogue our tools build with. Inputs and pictures join it with the tools that need them. */
export const catalogue = new Catalog(
  'https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json',
  [
    { ...A2uiText, tagName: textTag },
    { ...A2uiButton, tagName: buttonTag },
    { ...A2uiCard, tagName: boxTags.card },
    { ...A2uiColumn, tagName: boxTags.column },
    { ...A2uiDivider, tagName: boxTags.divider },
    { ...A2uiList, tagName: boxTags.list },
    { ...A2uiRow, tagName: boxTags.row },
  ],
  [createFunctionImplementation(OpenUrlApi, ({ url }) => openUrl(url))],
)
