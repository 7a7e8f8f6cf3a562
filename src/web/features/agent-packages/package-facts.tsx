import type { ReactNode } from 'react'
import type { AgentPackageVersion, PackageNote } from '../../../contract/agent-packages.ts'
import { formatNumber } from '../../strings/format.ts'
import { sourceWords } from './source-of.ts'
import { p } from './strings.ts'
import './packages.css'

type Shown = Pick<AgentPackageVersion, 'manifest' | 'source' | 'sha256'> & { sizeBytes?: number }

/** Who made it, where it is from and what it may do: all of it, since consent is to all of it. */
export function PackageFacts({ shown, notes }: { shown: Shown; notes: readonly PackageNote[] }) {
  const { manifest, source, sha256, sizeBytes } = shown
  const { tools, instructions, starters } = manifest
  const isUnconfined = notes.includes('unconfined')
  return (
    <>
      <dl className="package-facts">
        <Fact name={p('fact.author')}>
          {manifest.author ?? p('fact.author.none')}
          {manifest.author && <span className="field-help"> {p('fact.own_word')}</span>}
        </Fact>
        {manifest.licence && <Fact name={p('fact.licence')}>{manifest.licence}</Fact>}
        <Fact name={p('fact.source')}>{sourceWords(source)}</Fact>
        {source.commit && (
          <Fact name={p('fact.commit')}>
            <code>{source.commit}</code>
          </Fact>
        )}
        <Fact name={p('fact.sha')}>
          <code>{sha256}</code>
        </Fact>
        {sizeBytes !== undefined && (
          <Fact name={p('fact.size')}>{p('kilobytes', { size: formatNumber(Math.ceil(sizeBytes / 1024)) })}</Fact>
        )}
        <Fact name={p('fact.runs')}>{tools ? p(`runtime.${tools.runtime}`, { entry: tools.entry }) : p('runtime.none')}</Fact>
        {tools && <Fact name={p('fact.network')}>{tools.network.length > 0 ? tools.network.join(', ') : p('fact.network.none')}</Fact>}
        {tools && <Fact name={p('fact.files')}>{p(isUnconfined ? 'fact.files.unconfined' : 'fact.files.text')}</Fact>}
      </dl>
      <h3 className="package-heading">{p('tools.title')}</h3>
      {tools ? (
        <ul className="package-tools">
          {tools.offers.map((tool) => (
            <li key={tool.name}>
              <code>{tool.name}</code>
              <span className="badge" data-tone={tool.permission === 'allow' ? 'warning' : undefined}>
                {p(`permission.${tool.permission}`)}
              </span>
              <span className="package-tool-words">{tool.description}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="field-help">{p('tools.none')}</p>
      )}
      <h3 className="package-heading">{p('instructions.title')}</h3>
      {instructions === '' ? (
        <p className="field-help">{p('instructions.none')}</p>
      ) : (
        // Long ones are scrolled by keys, too.
        <pre className="written-text" tabIndex={0} aria-label={p('instructions.title')}>
          {instructions}
        </pre>
      )}
      {starters.length > 0 && (
        <>
          <h3 className="package-heading">{p('starters.title')}</h3>
          <p className="package-starters">{starters.join(' · ')}</p>
        </>
      )}
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
