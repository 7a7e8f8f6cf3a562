import type { BotCard } from '../../contract/visits.ts'
import { launcherStyle } from './widget-style.ts'

/** The rules of a page outweigh what a root says of its own host, but not what is important on the element itself. */
const armour = 'all:initial!important;position:static!important;display:block!important;width:0!important;height:0!important'

/** A place of our own in somebody else's page: nothing leaves it, and no rule of the page reaches in. */
export function widgetHost({ theme }: BotCard): { host: HTMLElement; root: HTMLElement } {
  const host = document.createElement('parley-widget')
  host.style.cssText = armour
  const shadow = host.attachShadow({ mode: 'open' })
  const root = document.createElement('div')
  root.className = 'root'
  shadow.append(root)
  // Adopted, so that no policy of the page against styles inside it forbids them.
  shadow.adoptedStyleSheets = [sheetOf(launcherStyle), tokens(theme)]
  return { host, root }
}

export function sheetOf(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  return sheet
}

/** The page's colours. Set one by one, so that a value can be nothing but a value. */
function tokens({ light, dark }: BotCard['theme']): CSSStyleSheet {
  const sheet = sheetOf(
    `.root{color-scheme:${light && dark ? 'light dark' : dark ? 'dark' : 'light'}}@media(prefers-color-scheme:dark){.root{}}`,
  )
  const [always, byNight] = sheet.cssRules
  const set = (rule: CSSRule | undefined, values: Record<string, string> | null) => {
    if (!(rule instanceof CSSStyleRule) || !values) return
    for (const [name, value] of Object.entries(values)) if (name.startsWith('--')) rule.style.setProperty(name, value)
  }
  set(always, light ?? dark)
  if (light && byNight instanceof CSSMediaRule) set(byNight.cssRules[0], dark)
  return sheet
}
