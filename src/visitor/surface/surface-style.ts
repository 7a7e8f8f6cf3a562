/**
 * The renderer's variables, from the tokens of whatever surrounds it (`--surface`, `--tile`, `--line`, `--text`, `--muted`, `--accent`, `--on`), and
 * what it has no variables for. In pixels, as it may stand in somebody else's page. Its own rules name an element and a class, so ours name a class twice.
 */
export const surfaceStyle = `
:host {
  display: block;
  --a2ui-color-background: transparent;
  --a2ui-color-on-background: var(--text);
  --a2ui-color-surface: transparent;
  --a2ui-color-on-surface: var(--text);
  --a2ui-color-primary: var(--accent);
  --a2ui-color-primary-hover: var(--accent);
  --a2ui-color-on-primary: var(--on);
  --a2ui-color-secondary: var(--surface);
  --a2ui-color-secondary-hover: color-mix(in oklab, var(--accent) 8%, transparent);
  --a2ui-color-on-secondary: var(--text);
  --a2ui-color-border: var(--line);
  --a2ui-border-width: 1px;
  --a2ui-border-radius: var(--radius, 10px);
  --a2ui-spacing-xs: 4px;
  --a2ui-spacing-s: 6px;
  --a2ui-spacing-m: 8px;
  --a2ui-spacing-l: 14px;
  --a2ui-spacing-xl: 24px;
  --a2ui-font-size-xs: 14px;
  --a2ui-font-size-s: 15px;
  --a2ui-font-size-m: 1em;
  --a2ui-font-size-l: 17px;
  --a2ui-font-size-xl: 18px;
  --a2ui-font-size-2xl: 20px;
  --a2ui-font-family-title: var(--face, inherit);
  --a2ui-text-caption-color: var(--muted);
  --a2ui-card-padding: 0;
  --a2ui-card-border: 0;
  --a2ui-card-margin: 0;
  --a2ui-card-box-shadow: none;
  --a2ui-button-background: var(--surface);
  --a2ui-button-margin: 0;
  --a2ui-button-padding: 8px 14px;
  --a2ui-button-border-radius: calc(var(--radius, 10px) * .8);
}
.a2ui-text.a2ui-text { overflow-wrap: anywhere; }
.a2ui-text.caption em { font-style: normal; }
.a2ui-text.a2ui-text > * + * { margin-top: .5em; }
.a2ui-text a { color: var(--accent); text-underline-offset: .2em; }
.a2ui-text :is(ul, ol) { padding-left: 1.25em; }
.a2ui-text pre { overflow-x: auto; }
.a2ui-button parley-surface-column { gap: 2px; }
parley-surface-button:has(> .borderless) + parley-surface-text > .caption { margin-top: -18px; padding-right: 32px; }
parley-surface-card + parley-surface-card { padding-top: 8px; border-top: 1px solid var(--line); }
parley-surface-row { flex-wrap: wrap; align-items: center; }
parley-surface-button { display: block; min-width: 0; }
.a2ui-button.a2ui-button {
  display: flex; align-items: center; justify-content: space-between; gap: 12px;
  box-sizing: border-box; width: 100%; min-height: 44px;
  font: inherit; font-weight: 500; line-height: 1.35; text-align: start; text-decoration: none;
}
.a2ui-button.borderless { padding: 0; border: 0; background: none; width: auto; color: var(--accent); --_a2ui-text-color: var(--accent); }
.a2ui-button.primary { background: var(--accent); justify-content: center; text-align: center; }
.a2ui-button.a2ui-button:disabled { opacity: 1; cursor: default; color: var(--muted); --_a2ui-text-color: var(--muted); }
.a2ui-button svg { flex: none; width: 16px; height: 16px; fill: none; stroke: var(--muted); stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
.a2ui-button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (hover: hover) { .a2ui-button.a2ui-button:not(:disabled):hover { border-color: var(--accent); } }
@media (forced-colors: active) { .a2ui-button.a2ui-button { border: 1px solid; } }
`
