import { useVirtualizer } from '@tanstack/react-virtual'
import { Pencil } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import type { Model } from '../../../contract/models.ts'
import { formatCompact } from '../../strings/format.ts'
import { t } from '../../strings/index.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { type Sort, SortableHeader, Table } from '../../ui/table.tsx'
import { can, useMe } from '../people/me.ts'
import { c } from '../connections/strings.ts'
import { describePrice } from './price.ts'
import { m } from './strings.ts'

interface Props {
  models: readonly Model[]
  sort: Sort
  onSort: (sort: Sort) => void
  onPrice: (model: Model) => void
}

/** Below this, drawing every row is cheaper than deciding which. */
const virtualFrom = 100

export function ModelTable({ models, sort, onSort, onPrice }: Props) {
  const mayPrice = can(useMe().access, 'model', 'update')
  const body = useRef<HTMLTableSectionElement>(null)
  const [scrollMargin, setScrollMargin] = useState(0)
  const isVirtual = models.length > virtualFrom
  const scroller = () => body.current?.closest<HTMLElement>('.settings-scroll') ?? null

  useLayoutEffect(() => {
    const element = scroller()
    if (element && body.current)
      setScrollMargin(body.current.getBoundingClientRect().top - element.getBoundingClientRect().top + element.scrollTop)
  }, [])

  const virtualizer = useVirtualizer({
    count: models.length,
    enabled: isVirtual,
    getScrollElement: scroller,
    estimateSize: () => 53,
    overscan: 12,
    scrollMargin,
  })
  const items = virtualizer.getVirtualItems()
  const before = isVirtual ? (items[0]?.start ?? scrollMargin) - scrollMargin : 0
  const after = isVirtual ? virtualizer.getTotalSize() - ((items.at(-1)?.end ?? scrollMargin) - scrollMargin) : 0
  const shown = isVirtual
    ? items.flatMap(({ index }) => (models[index] ? [{ index, model: models[index] }] : []))
    : models.map((model, index) => ({ index, model }))

  return (
    <div className="models">
      <Table label={t('settings.models')} stacked>
        <thead>
          <tr>
            <SortableHeader id="name" sort={sort} onSort={onSort}>
              {m('column.name')}
            </SortableHeader>
            <SortableHeader id="provider" sort={sort} onSort={onSort}>
              {m('column.provider')}
            </SortableHeader>
            <SortableHeader id="context" sort={sort} onSort={onSort}>
              {m('column.context')}
            </SortableHeader>
            <SortableHeader id="output" sort={sort} onSort={onSort}>
              {m('column.output')}
            </SortableHeader>
            <SortableHeader id="price" sort={sort} onSort={onSort}>
              {m('column.price')}
            </SortableHeader>
            <th scope="col">{m('column.key')}</th>
            {mayPrice && (
              <th scope="col">
                <span className="visually-hidden">{m('column.actions')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody ref={body}>
          <Gap height={before} />
          {shown.map(({ index, model }) => (
            <tr key={`${model.id} ${model.connectionId}`} data-index={index} ref={isVirtual ? virtualizer.measureElement : undefined}>
              <td>
                <span className="table-main">
                  {model.name} {model.kind !== 'chat' && <span className="badge">{m(`kind.${model.kind}`)}</span>}
                </span>
                {model.internalName !== model.name && <span className="table-sub table-mono">{model.internalName}</span>}
              </td>
              <td>{c(`provider.${model.provider}`)}</td>
              <td data-label={m('column.context')} data-numeric>
                <Limit tokens={model.maxContext} />
              </td>
              <td data-label={m('column.output')} data-numeric>
                {model.kind === 'chat' ? <Limit tokens={model.maxOutput} /> : m('limit.none')}
              </td>
              <td data-label={m('column.price.short')} data-numeric>
                {describePrice(model.price)}
                {model.price.origin === 'admin' && <span className="table-sub">{m('price.admin')}</span>}
              </td>
              <td data-label={m('column.key')}>
                {model.provider === 'built-in' ? m('key.none') : m(`key.${model.keyOrigin}`)}
                {model.provider !== 'built-in' && model.connectionName !== c(`provider.${model.provider}`) && (
                  <span className="table-sub">{model.connectionName}</span>
                )}
              </td>
              {mayPrice && (
                <td>
                  <div className="table-actions">
                    {model.provider !== 'built-in' && (
                      <IconButton icon={Pencil} size="s" label={m('override.label', { name: model.name })} onClick={() => onPrice(model)} />
                    )}
                  </div>
                </td>
              )}
            </tr>
          ))}
          <Gap height={after} />
        </tbody>
      </Table>
    </div>
  )
}

function Limit({ tokens }: { tokens: number | null }) {
  return tokens === null ? m('limit.unknown') : m('limit.tokens', { tokens: formatCompact(tokens) })
}

/** Stands for the rows that are out of sight. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null
  return (
    <tr className="table-gap" aria-hidden style={{ height }}>
      <td colSpan={7} />
    </tr>
  )
}
