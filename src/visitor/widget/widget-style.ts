const sans = 'ui-sans-serif,system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'

/** Of the button, and what holds for everything inside. In pixels: `rem` is the size of somebody else's page. */
export const launcherStyle = `
*,*::before{box-sizing:border-box;margin:0}
.root{font:400 16px/1.55 ${sans};color:var(--text);text-align:start;direction:ltr;-webkit-font-smoothing:antialiased}
svg{display:block;flex:none;width:20px;height:20px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
.launcher{position:fixed;right:max(20px,env(safe-area-inset-right));bottom:max(20px,env(safe-area-inset-bottom));z-index:2147483646;display:grid;place-items:center;width:56px;height:56px;padding:0;border:0;border-radius:50%;background:var(--accent);color:var(--on);box-shadow:0 2px 6px #0003,0 8px 24px #0003;cursor:pointer}
.launcher svg{width:26px;height:26px}
@media(forced-colors:active){.launcher{border:1px solid}}
@media(prefers-reduced-motion:no-preference){.launcher{transition:translate .15s ease-out}}
@media(hover:hover){.launcher:hover{translate:0 -2px}}
@media print{.root{display:none}}`

export const panelStyle = `
ul{list-style:none;padding:0}
.panel{position:fixed;inset:auto max(20px,env(safe-area-inset-right)) 88px auto;z-index:2147483647;width:400px;height:min(640px,100vh - 112px);height:min(640px,100dvh - 112px);max-width:none;max-height:none;padding:0;border:1px solid var(--line);border-radius:calc(var(--radius) + 8px);background:var(--tile);color:var(--text);box-shadow:0 4px 12px #0002,0 16px 48px #0003;overflow:hidden}
.panel[open]{display:grid;grid-template-rows:auto minmax(0,1fr)}
.panel::backdrop{background:none}
.top{display:flex;align-items:center;justify-content:space-between;gap:8px;min-height:56px;padding:0 6px 0 20px;border-bottom:1px solid var(--line)}
.top h2{min-width:0;font:600 17px/1.3 var(--face,inherit);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.top button{display:grid;place-items:center;flex:none;width:44px;height:44px;padding:0;border:0;border-radius:50%;background:none;color:var(--muted);cursor:pointer}
.top button:focus-visible,.quick button:focus-visible{outline-offset:0}
.panel .chat{min-height:0;border:0;border-radius:0}
.panel .chat form{height:100%}
.panel .said{max-height:none}
@media(max-width:520px){.panel{inset:0;width:100vw;height:100vh;height:100dvh;border:0;border-radius:0}.panel .state{padding-bottom:max(4px,env(safe-area-inset-bottom))}}
@media(prefers-reduced-motion:no-preference){.panel[open]{animation:rise .16s ease-out}@keyframes rise{from{opacity:0;translate:0 8px}}}`
