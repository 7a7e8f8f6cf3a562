import { Check, Copy } from 'lucide-react'
import { t } from '../../../strings/index.ts'
import { useCopy } from '../use-copy.ts'
import { csvOf } from './csv.ts'

/** What can be done with a table: to a spreadsheet, or as it was written. */
export function TableTools({ rows, source }: { rows: () => string[][]; source: string }) {
  const csv = useCopy()
  const markdown = useCopy()
  return (
    <div className="md-table-tools">
      <button type="button" className="md-code-copy" onClick={() => csv.copy(csvOf(rows()))}>
        {csv.isCopied ? <Check size={14} strokeWidth={2} aria-hidden /> : <Copy size={14} strokeWidth={1.75} aria-hidden />}
        {csv.isCopied ? t('ui.copied') : t('conversation.table.csv')}
      </button>
      <button type="button" className="md-code-copy" onClick={() => markdown.copy(source)}>
        {markdown.isCopied ? <Check size={14} strokeWidth={2} aria-hidden /> : <Copy size={14} strokeWidth={1.75} aria-hidden />}
        {markdown.isCopied ? t('ui.copied') : t('conversation.copy.markdown')}
      </button>
    </div>
  )
}
