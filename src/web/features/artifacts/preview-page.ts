import type { ArtifactKind } from './find-artifacts.ts'

/**
 * Comes first. Says that something was refused, and nothing about it. No policy that browsers follow takes a frame's peer connections away, which are the
 * one way out that is left, so they go here; a program that makes a frame of its own finds them again (see record 28).
 */
const first =
  "<script>addEventListener('securitypolicyviolation',()=>parent.postMessage({type:'refused'},'*'));" +
  'for(const name of Object.getOwnPropertyNames(window))if(/^(?:webkit)?RTC/.test(name))delete window[name];document.currentScript.remove()</script>'

/** The document that runs behind glass. A picture is put into one, since by itself it would follow other rules. */
export function previewPage(kind: ArtifactKind, text: string): string {
  if (kind === 'svg')
    return `<!doctype html><meta charset="utf-8">${first}<style>html,body{height:100%;margin:0}body{display:grid;place-items:center;overflow:auto}svg{max-width:100%;max-height:100vh}</style>${text.replace(/^\s*<\?xml[^>]*>/i, '')}`
  const doctype = /^\s*<!doctype[^>]*>/i.exec(text)?.[0] ?? ''
  return `${doctype || '<!doctype html>'}${first}${text.slice(doctype.length)}`
}
