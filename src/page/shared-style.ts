import { declare, tokensOf } from './style.ts'

const { light, dark } = tokensOf({ preset: 'paper', accent: null, scheme: 'system' })

const rules = `*{box-sizing:border-box;margin:0}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{font:400 1.0625rem/1.65 var(--face);color:var(--text);background:var(--surface);-webkit-font-smoothing:antialiased}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
::selection{background:var(--accent);color:var(--on)}
main{max-width:44rem;margin:0 auto;padding:clamp(1.5rem,6vw,4rem) 1.25rem 4rem}
header,footer,.pages,.sources,.writing{font-family:ui-sans-serif,system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header{margin-bottom:2.5rem;padding-bottom:1.25rem;border-bottom:1px solid var(--line)}
h1{font:600 clamp(1.625rem,1.4rem + 1.2vw,2.125rem)/1.2 var(--face);letter-spacing:-.015em;text-wrap:balance;overflow-wrap:anywhere}
header p{margin-top:.5rem;font-size:.9375rem;line-height:1.5;color:var(--muted)}
.go{display:inline-flex;align-items:center;min-height:44px;font-size:.9375rem;font-weight:500}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.turn{position:relative;min-width:0;overflow-wrap:anywhere}
.turn+.turn{margin-top:1.75rem}
.turn.person{width:fit-content;max-width:88%;margin-left:auto;padding:.75rem 1.125rem;border-radius:14px;background:var(--tile);white-space:pre-wrap}
.text>*+*{margin-top:.75em}
.text h4{margin-top:1.25em;font:600 1.125em/1.35 var(--face)}
.text :is(ul,ol){padding-left:1.5em}
.text li+li{margin-top:.25em}
.text blockquote{padding-left:1em;border-left:2px solid var(--line);color:var(--muted)}
.text :is(code,pre){font:.875em/1.55 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
.text :not(pre)>code{padding:.1em .3em;border-radius:4px;background:var(--tile)}
.text pre{padding:.875em 1em;border:1px solid var(--line);border-radius:10px;background:var(--tile);overflow-x:auto}
.text pre code{font-size:1em}
.text hr{border:0;border-top:1px solid var(--line)}
.text .table{overflow-x:auto}
.text table{border-collapse:collapse;font-size:.9375em}
.text :is(th,td){padding:.375em .875em .375em 0;border-bottom:1px solid var(--line);text-align:start;vertical-align:top}
.files{display:flex;flex-wrap:wrap;gap:.5rem 1rem;margin:0 0 .5rem;padding:0;list-style:none;white-space:normal}
.files-only .files{justify-content:flex-end}
.files a{display:inline-flex;align-items:center;min-height:44px}
.files img{display:block;width:auto;max-width:100%;height:auto;max-height:20rem;border-radius:10px}
.sources{margin-top:.75rem;padding-left:1.25rem;font-size:.875rem}
.sources a{display:inline-block;padding:.25rem 0}
.writing{margin-top:.5rem;font-size:.875rem;color:var(--muted)}
.pages{display:flex;flex-wrap:wrap;align-items:center;gap:0 1.5rem;margin:1.5rem 0;font-size:.9375rem}
.pages a{display:inline-flex;align-items:center;min-height:44px}
.pages span{color:var(--muted)}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.875rem;color:var(--muted)}
@media(forced-colors:active){.turn.person{border:1px solid}}
@media print{.go,.pages{display:none}}`

/** The whole style sheet of a shared conversation: the same text byte for byte, so that its hash can stand in the policy. */
export const sharedStyle =
  `:root{color-scheme:light dark;${declare(light!)}}@media(prefers-color-scheme:dark){:root{${declare(dark!)}}}${rules}`.replaceAll(
    '\n',
    '',
  )
