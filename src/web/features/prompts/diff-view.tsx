import { Fragment } from 'react'
import { type DiffLine, diffTexts } from './diff-texts.ts'
import { p } from './strings.ts'
import './diff-view.css'

/** Lines that stand around a change. */
const margin = 3

/** What makes one text of the other. Said in words too, for whoever does not see colours. */
export function DiffView({ before, after }: { before: string; after: string }) {
  if (before === after) return <p className="field-help">{p('history.same')}</p>
  return (
    <div className="diff" tabIndex={0} role="region" aria-label={p('history.changes')}>
      {folded(diffTexts(before, after)).map((one, index) =>
        typeof one === 'number' ? (
          <p key={index} className="diff-fold">
            {p('history.kept', { count: one })}
          </p>
        ) : (
          <Line key={index} line={one} />
        ),
      )}
    </div>
  )
}

function Line({ line: { kind, words } }: { line: DiffLine }) {
  const text = words.map(({ text: word, isChanged }, index) =>
    isChanged ? <mark key={index}>{word}</mark> : <Fragment key={index}>{word}</Fragment>,
  )
  if (kind === 'same') return <p className="diff-line">{text}</p>
  const Tag = kind === 'added' ? 'ins' : 'del'
  return (
    <p className="diff-line" data-kind={kind}>
      <span className="diff-sign" aria-hidden>
        {kind === 'added' ? '+' : '−'}
      </span>
      <span className="visually-hidden">{p(`history.${kind}`)}: </span>
      <Tag>{text}</Tag>
    </p>
  )
}

/** Far from any change only their number is told. */
function folded(lines: readonly DiffLine[]): (DiffLine | number)[] {
  const near = new Set<number>()
  for (const [index, { kind }] of lines.entries())
    if (kind !== 'same') for (let at = index - margin; at <= index + margin; at++) near.add(at)
  const shown: (DiffLine | number)[] = []
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1)
    if (near.has(index)) shown.push(line)
    else if (typeof last === 'number') shown[shown.length - 1] = last + 1
    else shown.push(1)
  }
  return shown
}
