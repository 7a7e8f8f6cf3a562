/**
 * The chat's rules, for the page and inside the widget's own root, where `rem` would be the size of somebody else's page: the widget turns it into
 * pixels. Colours are the theme's tokens.
 */
export const chatStyle = `
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.chat{position:relative;border:1px solid var(--line);border-radius:calc(var(--radius) + 6px);background:var(--tile)}
.chat form{display:grid;grid-template-rows:minmax(0,1fr) auto auto}
.said{display:grid;align-content:start;gap:1.125rem;max-height:min(34rem,62vh);padding:1.25rem 1.25rem .75rem;overflow-y:auto;overscroll-behavior:contain}
.flow{display:grid;gap:1.125rem;min-width:0}
.flow:empty{display:none}
.turn{position:relative;min-width:0;overflow-wrap:anywhere}
.turn.visitor{justify-self:end;max-width:min(85%,28rem);padding:.5rem .875rem;border-radius:calc(var(--radius) + 2px);background:color-mix(in oklab,var(--accent) 13%,var(--tile))}
.turn>*+*,.text>*+*{margin-top:.625em}
.turn>.unseen+*{margin-top:0}
.turn a{color:var(--accent)}
.turn h4{font:600 1em/1.4 var(--face)}
.turn :is(ul,ol){padding-left:1.375em}
.turn ul{list-style:disc}
.turn li+li{margin-top:.25em}
.turn blockquote{padding-left:.875em;border-left:2px solid var(--line);color:var(--muted)}
.turn :is(code,pre){font:.875em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
.turn pre{padding:.75em;border:1px solid var(--line);border-radius:var(--radius);overflow-x:auto}
.turn pre code{font-size:1em}
.turn hr{border:0;border-top:1px solid var(--line)}
.turn .table{overflow-x:auto}
.turn table{border-collapse:collapse;font-size:.9375em}
.turn :is(th,td){padding:.375em .75em .375em 0;border-bottom:1px solid var(--line);text-align:start;vertical-align:top}
.written{white-space:pre-wrap}
.turn>.name,.notice,.later{color:var(--muted);font-size:.875rem}
.turn>.name{font-weight:600}
.turn>.name+*{margin-top:.125em}
.later{margin-top:.25em}
.quick{display:flex;flex-wrap:wrap;gap:.5rem}
.quick button,.state button,.latest{min-height:44px;border:0;background:none;color:inherit;font:inherit;cursor:pointer}
.quick button{padding:.375rem 1rem;border:1px solid var(--line);border-radius:22px;background:var(--surface);color:var(--text);font-size:.9375rem;font-weight:500;line-height:1.3;text-align:start;overflow-wrap:anywhere}
.say{display:flex;align-items:flex-end;gap:.375rem;margin:.5rem .75rem 0;padding:3px;border:1px solid var(--muted);border-radius:calc(var(--radius) + 2px);background:var(--surface)}
.say:focus-within{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.say textarea{flex:1;min-width:0;height:44px;min-height:44px;max-height:10rem;padding:.5625rem .625rem;border:0;outline:0;background:none;color:var(--text);font:inherit;font-size:1rem;line-height:1.5;resize:none;field-sizing:content}
@supports(field-sizing:content){.say textarea{height:auto}}
.say textarea::placeholder{color:var(--muted);opacity:1}
.send{display:grid;place-items:center;flex:none;width:44px;height:44px;padding:0;border:0;border-radius:max(4px,var(--radius) - 2px);background:var(--accent);color:var(--on);cursor:pointer}
.send[data-does=stop] svg{display:none}
.send[data-does=stop]::before{content:"";width:14px;height:14px;border-radius:3px;background:currentColor}
.state{scroll-margin:1rem;display:flex;flex-wrap:wrap;align-items:center;gap:0 .75rem;min-height:44px;padding:.25rem 1.25rem;font-size:.875rem;line-height:1.4;color:var(--muted)}
.state button{padding:0;color:var(--accent);font-weight:500;text-decoration:underline;text-underline-offset:.2em}
.latest{position:sticky;bottom:0;justify-self:center;padding:0 1rem;border:1px solid var(--line);border-radius:22px;background:var(--surface);font-size:.875rem;font-weight:500}
.dots{display:flex;align-items:center;gap:5px;height:1.6em}
.dots i{width:7px;height:7px;border-radius:50%;background:var(--muted)}
.alone{max-width:42rem}
.alone .said{max-height:none}
.back a{display:inline-flex;align-items:center;min-height:44px;color:var(--accent)}
@media(hover:hover){.quick button:hover,.latest:hover{border-color:var(--accent);color:var(--accent)}}
@media(prefers-reduced-motion:no-preference){.dots i{animation:dot 1.2s ease-in-out infinite}.dots i:nth-child(2){animation-delay:.15s}.dots i:nth-child(3){animation-delay:.3s}@keyframes dot{0%,60%,100%{opacity:.35}30%{opacity:1}}}
@media(forced-colors:active){.send,.turn.visitor{border:1px solid}}
@media(min-width:60rem){.page.alone{grid-template-columns:minmax(0,42rem);gap:1rem;padding-top:3rem}}
@media print{.say,.state,.quick{display:none}.said{max-height:none}}`
