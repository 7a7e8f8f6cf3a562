/** The entities that people and models write; others stay as they are written. */
const named: Record<string, string> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', ensp: '\u2002', emsp: '\u2003', thinsp: '\u2009', shy: '\u00ad',
  copy: '©', reg: '®', trade: '™', deg: '°', plusmn: '±', times: '×', divide: '÷', minus: '−', middot: '·', bull: '•', hellip: '…',
  ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»', sect: '§', para: '¶', micro: 'µ',
  larr: '←', uarr: '↑', rarr: '→', darr: '↓', harr: '↔', rArr: '⇒', lArr: '⇐', hArr: '⇔', ne: '≠', le: '≤', ge: '≥', asymp: '≈',
  infin: '∞', sum: '∑', prod: '∏', radic: '√', int: '∫', part: '∂', nabla: '∇', isin: '∈', notin: '∉', forall: '∀', exist: '∃',
  alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', theta: 'θ', lambda: 'λ', mu: 'μ', pi: 'π', rho: 'ρ', sigma: 'σ', tau: 'τ',
  phi: 'φ', chi: 'χ', psi: 'ψ', omega: 'ω', Delta: 'Δ', Sigma: 'Σ', Omega: 'Ω', euro: '€', pound: '£', yen: '¥', cent: '¢',
  frac12: '½', frac14: '¼', frac34: '¾', sup2: '²', sup3: '³', check: '✓', lbrace: '{', rbrace: '}', lbrack: '[', rbrack: ']', vert: '|',
}

const entity = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{2,10}));/y

export function decodeEntity(text: string, at: number): { text: string; end: number } | undefined {
  entity.lastIndex = at
  const found = entity.exec(text)
  if (!found) return undefined
  const decoded = found[3] === undefined ? fromCode(Number.parseInt(found[1] ?? found[2] ?? '', found[1] === undefined ? 16 : 10)) : Object.hasOwn(named, found[3]) ? named[found[3]] : undefined
  return decoded === undefined ? undefined : { text: decoded, end: entity.lastIndex }
}

const fromCode = (code: number): string => (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code))
