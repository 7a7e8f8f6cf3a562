import { useState } from 'react'
import { t } from '../../../strings/index.ts'
import { Sections } from '../markdown/sections.tsx'

const foldedLines = 16
const foldedLength = 1500
const chunkLength = 2000

/** What a person wrote is shown as they wrote it. A long paste is folded; opened, only what is near is drawn. */
export function PersonText({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false)
  const lines = text.split('\n')
  const isLong = text.length > foldedLength * 1.5 || lines.length > foldedLines * 1.5
  const shown = isLong && !isWhole ? lines.slice(0, foldedLines).join('\n').slice(0, foldedLength) : text
  const chunks = chunk(shown)
  return (
    <>
      <div className="person-text" data-folded={(isLong && !isWhole) || undefined}>
        <Sections count={chunks.length} estimate={(index) => 27 * Math.ceil(chunks[index]!.length / 60)}>
          {(index) => <div key={index}>{chunks[index]}</div>}
        </Sections>
      </div>
      {isLong && (
        <button type="button" className="person-more" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('conversation.message.less') : t('conversation.message.more', { count: lines.length })}
        </button>
      )}
    </>
  )
}

/** Divides at line ends, where no letter can move. */
function chunk(text: string): string[] {
  const chunks: string[] = []
  for (let from = 0; from < text.length; ) {
    let to = text.length - from <= chunkLength ? text.length : text.indexOf('\n', from + chunkLength)
    if (to < 0 || to - from > chunkLength * 4) to = Math.min(text.length, from + chunkLength)
    chunks.push(text.slice(from, to))
    from = text[to] === '\n' ? to + 1 : to
  }
  return chunks.length > 0 ? chunks : ['']
}
