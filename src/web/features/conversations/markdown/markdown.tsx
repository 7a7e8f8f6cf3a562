import { memo, type ReactNode, useState } from 'react'
import { type Block, documentReader, type References, withoutUndecided } from '../../../../markdown/index.ts'
import { t } from '../../../strings/index.ts'
import { ArtifactCard } from '../../artifacts/artifact-card.tsx'
import { useOpenArtifact } from '../../artifacts/artifacts-context.ts'
import { isDocument, kindOf } from '../../artifacts/find-artifacts.ts'
import { CodeBlock } from './code-block.tsx'
import { copyWithFormulas } from './copy-formulas.ts'
import { Diagram } from './diagram.tsx'
import { FormulaBlock } from './formula.tsx'
import { InlineText } from './inline-text.tsx'
import { wordsOfInline } from './rich-text.ts'
import { Sections } from './sections.tsx'
import { TableTools } from './table-tools.tsx'
import './markdown.css'

/** More rows than this are folded. */
const maxRows = 100

/** Text of a model. While it grows only its last block is read and drawn again. */
export function Markdown({ text, isStreaming = false }: { text: string; isStreaming?: boolean }) {
  const [read] = useState(documentReader)
  const document = read(isStreaming ? withoutUndecided(text) : text)
  return (
    <div className="md" onCopy={copyWithFormulas}>
      <Blocks blocks={document.blocks} references={document.references} isOpen={isStreaming} />
    </div>
  )
}

function Blocks({ blocks, references, isOpen = false }: { blocks: readonly Block[]; references: References; isOpen?: boolean }) {
  return (
    <Sections count={blocks.length} estimate={(index) => estimateHeight(blocks[index]!)}>
      {(index) => <BlockView key={index} block={blocks[index]!} references={references} isOpen={isOpen && index === blocks.length - 1} />}
    </Sections>
  )
}

const BlockView = memo(function BlockView({
  block,
  references,
  isOpen,
}: {
  block: Block
  references: References
  isOpen: boolean
}): ReactNode {
  switch (block.type) {
    case 'paragraph':
      return (
        <p>
          <InlineText text={block.text} references={references} isOpen={isOpen} />
        </p>
      )
    case 'heading': {
      // A page has one title, and a message is under it.
      const Tag = `h${Math.min(6, block.level + 2)}` as 'h3'
      return (
        <Tag data-level={block.level}>
          <InlineText text={block.text} references={references} isOpen={isOpen} />
        </Tag>
      )
    }
    case 'code':
      if (block.language === 'mermaid' && block.isClosed) return <Diagram text={block.text} source={block.source} />
      return block.language === 'math' && block.isClosed ? (
        <FormulaBlock tex={block.text} source={block.source} />
      ) : (
        <Code block={block} isWriting={!block.isClosed && isOpen} />
      )
    case 'formula':
      return block.isClosed ? (
        <FormulaBlock tex={block.text} source={block.source} />
      ) : (
        <p>
          <InlineText text={block.source} references={references} isOpen={isOpen} />
        </p>
      )
    case 'quote':
      return (
        <blockquote>
          <Blocks blocks={block.blocks} references={references} isOpen={isOpen} />
        </blockquote>
      )
    case 'list':
      return <List block={block} references={references} isOpen={isOpen} />
    case 'table':
      return <Table block={block} references={references} />
    case 'rule':
      return <hr />
  }
})

/** Code in the text; of an answer, what is a long document by itself stands there as a card. */
function Code({ block, isWriting }: { block: Of<'code'>; isWriting: boolean }) {
  const { language, text, source } = block
  const open = useOpenArtifact(source)
  const code = <CodeBlock language={language} text={text} isClosed={!isWriting} source={source} />
  if (!open || !isDocument(kindOf(language), text)) return code
  return (
    <ArtifactCard block={block} isWriting={isWriting} onOpen={open}>
      {code}
    </ArtifactCard>
  )
}

type Of<Type extends Block['type']> = Extract<Block, { type: Type }>

function List({ block, references, isOpen }: { block: Of<'list'>; references: References; isOpen: boolean }) {
  const Tag = block.start === null ? 'ul' : 'ol'
  return (
    <Tag {...(block.start !== null && block.start !== 1 ? { start: block.start } : {})}>
      {block.items.map((item, index) => (
        <Item key={index} item={item} isTight={block.isTight} references={references} isOpen={isOpen && index === block.items.length - 1} />
      ))}
    </Tag>
  )
}

const Item = memo(function Item({
  item,
  isTight,
  references,
  isOpen,
}: {
  item: Of<'list'>['items'][number]
  isTight: boolean
  references: References
  isOpen: boolean
}) {
  const last = item.blocks.length - 1
  return (
    <li className={item.isChecked === null ? undefined : 'md-task'}>
      {item.isChecked !== null && (
        <input
          type="checkbox"
          checked={item.isChecked}
          disabled
          aria-label={t(item.isChecked ? 'conversation.task.done' : 'conversation.task.open')}
        />
      )}
      {item.blocks.map((block, index) =>
        isTight && block.type === 'paragraph' ? (
          <InlineText key={index} text={block.text} references={references} isOpen={isOpen && index === last} />
        ) : (
          <BlockView key={index} block={block} references={references} isOpen={isOpen && index === last} />
        ),
      )}
    </li>
  )
})

function Table({ block, references }: { block: Of<'table'>; references: References }) {
  const [isWhole, setWhole] = useState(false)
  const rows = isWhole || block.rows.length <= maxRows + 20 ? block.rows : block.rows.slice(0, maxRows)
  return (
    <div className="md-table">
      {/* Wider than the column it scrolls by itself, with the keyboard too. */}
      <div className="md-table-scroll" tabIndex={0} role="region" aria-label={t('conversation.table')}>
        <table>
          <thead>
            <tr>
              {block.head.map((cell, column) => (
                <th key={column} scope="col" data-align={block.alignments[column] ?? undefined}>
                  <InlineText text={cell} references={references} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column} data-align={block.alignments[column] ?? undefined}>
                    <InlineText text={cell} references={references} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length < block.rows.length && (
        <button type="button" className="md-more" onClick={() => setWhole(true)}>
          {t('conversation.table.all', { count: block.rows.length })}
        </button>
      )}
      <TableTools
        rows={() => [block.head, ...block.rows].map((row) => row.map((cell) => wordsOfInline(cell, references)))}
        source={block.source}
      />
    </div>
  )
}

/** Pixels, roughly; only for what is too far away to be drawn. */
function estimateHeight(block: Block): number {
  switch (block.type) {
    case 'paragraph':
      return 14 + 28 * Math.ceil(block.text.length / 76)
    case 'heading':
      return 48
    case 'rule':
      return 48
    case 'code':
      return 74 + 21 * Math.min(400, block.text.split('\n').length)
    case 'table':
      return 60 + 37 * Math.min(maxRows, block.rows.length)
    case 'formula':
      return 40 + 28 * block.text.split('\\\\').length
    case 'quote':
      return block.blocks.reduce((sum, inner) => sum + estimateHeight(inner), 14)
    case 'list':
      return block.items.reduce((sum, item) => sum + item.blocks.reduce((height, inner) => height + estimateHeight(inner) - 10, 4), 14)
  }
}
