import type { PageTheme } from '../contract/pages.ts'
import { chatStyle } from './chat-style.ts'
import { contrast, readable } from './colour.ts'
import { type Palette, type Preset, presets } from './presets.ts'

const sans = 'ui-sans-serif,system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'
const serif = 'Charter,"Bitstream Charter","Source Serif 4","Iowan Old Style",Georgia,serif'

const base = `*{box-sizing:border-box;margin:0}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{font:400 1.0625rem/1.6 ${sans};color:var(--text);background:var(--surface);-webkit-font-smoothing:antialiased}
a{color:inherit;text-underline-offset:.2em;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
::selection{background:var(--accent);color:var(--on)}
ul{list-style:none;padding:0}
svg{display:block;flex:none;width:20px;height:20px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.page{display:grid;gap:2.5rem;max-width:38rem;margin:0 auto;padding:clamp(2.5rem,9vw,4.5rem) 1.25rem 4rem}
.page>*{min-width:0}
.face{width:88px;height:88px;border-radius:50%;object-fit:cover;background:var(--accent);color:var(--on)}
.letters{display:grid;place-items:center;font:600 2rem/1 var(--face)}
h1{margin-top:1.25rem;font:600 clamp(2.125rem,1.7rem + 1.6vw,2.75rem)/1.12 var(--face);letter-spacing:-.02em;text-wrap:balance;overflow-wrap:anywhere}
.tagline{margin-top:.5rem;color:var(--muted);font-size:1.1875rem;line-height:1.45;text-wrap:pretty;overflow-wrap:anywhere}
.bio{margin-top:1.25rem;text-wrap:pretty;overflow-wrap:anywhere}
.bio p+p,.answer p+p{margin-top:.75em}
.elsewhere{display:flex;flex-wrap:wrap;gap:0 1.25rem;margin-top:1rem}
.elsewhere a{display:inline-flex;align-items:center;min-height:48px;font-size:.9375rem;text-decoration-line:underline;text-decoration-color:var(--accent)}
h2{margin-bottom:.75rem;font:600 1.375rem/1.3 var(--face);letter-spacing:-.01em}
h3{margin:1.75rem 0 .5rem;font-size:.875rem;font-weight:600;color:var(--muted)}
.column{display:grid;gap:3rem}
.link{display:grid;grid-template-columns:auto minmax(0,1fr) auto;align-items:center;gap:0 .875rem;min-height:64px;text-decoration:none;overflow-wrap:anywhere}
.link .mark{color:var(--accent)}
.link b{display:block;font:600 1.125rem/1.35 var(--face)}
.link small{display:block;margin-top:.125rem;font-size:.9375rem;line-height:1.4;color:var(--muted)}
.link .go{width:18px;height:18px;color:var(--muted)}
details{overflow-wrap:anywhere}
summary{display:grid;grid-template-columns:minmax(0,1fr) auto;align-items:center;gap:.875rem;min-height:56px;font-weight:500;line-height:1.4;cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary svg{color:var(--muted)}
details[open] summary svg{rotate:180deg}
.answer{text-wrap:pretty}
@media(hover:hover){.link:hover b,summary:hover,.elsewhere a:hover{color:var(--accent)}.link:hover .go{color:var(--accent);translate:2px -2px}}
@media(prefers-reduced-motion:no-preference){.link .go,summary svg{transition:.15s ease-out;transition-property:translate,rotate,color}}
@media(min-width:60rem){.page{grid-template-columns:minmax(0,20rem) minmax(0,36rem);gap:6rem;max-width:none;justify-content:center;align-items:start;padding:6rem 2rem}.who{position:sticky;top:6rem}.who:only-child{grid-column:1/-1;width:36rem}.face{width:112px;height:112px}.letters{font-size:2.5rem}}
@media(min-width:60rem) and (max-height:44rem){.who{position:static}}
@media print{.link .go,summary svg{display:none}}`

const lines = `.links,.asked{border-top:1px solid var(--line)}
.links li,details{border-bottom:1px solid var(--line)}
.link{padding:.75rem 0}
summary{padding:.875rem 0}
.answer{padding:0 2.125rem 1.25rem 0}`

const tiles = `.links,.asked{display:grid;gap:.625rem}
.link,details{border:1px solid var(--line);border-radius:var(--radius);background:var(--tile)}
.link{padding:.8125rem 1.125rem}
summary{padding:.875rem 1.125rem;border-radius:var(--radius)}
.answer{padding:0 1.125rem 1.125rem}
@media(hover:hover){.link:hover,details:hover{border-color:var(--accent)}}`

function accentOf(palette: Palette, chosen: string | null, isDark: boolean): { accent: string; on: string } {
  const accent = readable(chosen ?? palette.accent, [palette.surface, palette.tile], isDark)
  return { accent, on: contrast(accent, '#ffffff') >= contrast(accent, '#111111') ? '#ffffff' : '#111111' }
}

function tokens(palette: Palette, chosen: string | null, isDark: boolean): Record<string, string> {
  const { surface, tile, line, text, muted } = palette
  const { accent, on } = accentOf(palette, chosen, isDark)
  return { '--surface': surface, '--tile': tile, '--line': line, '--text': text, '--muted': muted, '--accent': accent, '--on': on }
}

function shape({ face, radius }: Preset): Record<string, string> {
  return { '--face': face === 'serif' ? serif : sans, '--radius': radius }
}

export const declare = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}:${value}`)
    .join(';')

/** What a theme gives to the variables of the style sheet; null where its scheme leaves no such time of day. */
export function tokensOf({ preset, accent, scheme }: PageTheme): Record<'light' | 'dark', Record<string, string> | null> {
  const { light, dark } = presets[preset]
  return {
    light: scheme === 'dark' ? null : { ...shape(presets[preset]), ...tokens(light, accent, false) },
    dark: scheme === 'light' ? null : { ...shape(presets[preset]), ...tokens(dark, accent, true) },
  }
}

/** The whole style sheet of a page: what its theme and its parts need and no more. The same theme makes the same text, byte for byte. */
export function styleOf({ preset, accent, scheme }: PageTheme, hasChat = true): string {
  const { light, dark, list } = presets[preset]
  const first = scheme === 'dark' ? tokens(dark, accent, true) : tokens(light, accent, false)
  const root = `:root{color-scheme:${scheme === 'system' ? 'light dark' : scheme};${declare(shape(presets[preset]))};${declare(first)}}`
  const other = scheme === 'system' ? `@media(prefers-color-scheme:dark){:root{${declare(tokens(dark, accent, true))}}}` : ''
  return `${root}${other}${base}${list === 'lines' ? lines : tiles}${hasChat ? chatStyle : ''}`.replaceAll('\n', '')
}

/** The colour of the browser's own frame around the page. */
export function frameColours({ preset, scheme }: PageTheme): { light: string | null; dark: string | null } {
  const { light, dark } = presets[preset]
  return { light: scheme === 'dark' ? null : light.surface, dark: scheme === 'light' ? null : dark.surface }
}

/** What a small picture of the page (its icon) is painted with. */
export function markColours({ preset, accent, scheme }: PageTheme): { accent: string; on: string } {
  const isDark = scheme === 'dark'
  return accentOf(isDark ? presets[preset].dark : presets[preset].light, accent, isDark)
}
