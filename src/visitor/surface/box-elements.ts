import {
  A2uiBasicColumnElement,
  A2uiBasicRowElement,
  A2uiCardElement,
  A2uiDividerElement,
  A2uiListElement,
} from '@a2ui/web_core/v0_9/basic_catalog'
import { connectQuietly } from './connect-quietly.ts'

export const boxTags = {
  card: 'parley-surface-card',
  column: 'parley-surface-column',
  divider: 'parley-surface-divider',
  list: 'parley-surface-list',
  row: 'parley-surface-row',
} as const

class CardElement extends A2uiCardElement {
  override connectedCallback() {
    connectQuietly(this)
  }
}

class ColumnElement extends A2uiBasicColumnElement {
  override connectedCallback() {
    connectQuietly(this)
  }
}

class DividerElement extends A2uiDividerElement {
  override connectedCallback() {
    connectQuietly(this)
  }
}

class ListElement extends A2uiListElement {
  override connectedCallback() {
    connectQuietly(this)
  }
}

class RowElement extends A2uiBasicRowElement {
  override connectedCallback() {
    connectQuietly(this)
  }
}

customElements.define(boxTags.card, CardElement)
customElements.define(boxTags.column, ColumnElement)
customElements.define(boxTags.divider, DividerElement)
customElements.define(boxTags.list, ListElement)
customElements.define(boxTags.row, RowElement)
