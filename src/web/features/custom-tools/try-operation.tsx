import { CircleCheck, TriangleAlert } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { CustomTool, CustomToolOperation } from '../../../contract/custom-tools.ts'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextAreaField } from '../../ui/field.tsx'
import { Notice } from '../../ui/states.tsx'
import { showError } from '../../ui/toast.tsx'
import { exampleArguments, readArguments } from './arguments.ts'
import { c } from './strings.ts'

type Answer = Awaited<ReturnType<typeof api.customTools.test>>

export function TryOperation({ tool }: { tool: CustomTool }) {
  const [chosen, setChosen] = useState(tool.operations[0]?.name ?? '')
  const operation = tool.operations.find(({ name }) => name === chosen)
  return (
    <section className="try-operation">
      <h3>{c('try')}</h3>
      <p className="field-help">{c('try.help')}</p>
      <SelectField
        label={c('try.operation')}
        value={chosen}
        onChange={setChosen}
        options={tool.operations.map(({ name, address }) => ({ value: name, label: address ? `${name} · ${address}` : name }))}
      />
      {operation && <TryForm key={operation.name} tool={tool} operation={operation} />}
    </section>
  )
}

function TryForm({ tool, operation }: { tool: CustomTool; operation: CustomToolOperation }) {
  const [text, setText] = useState(() => exampleArguments(operation.inputSchema))
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [isRunning, setRunning] = useState(false)
  const [isBad, setBad] = useState(false)

  async function run(event: FormEvent) {
    event.preventDefault()
    const args = readArguments(text)
    setBad(!args)
    if (!args || isRunning) return
    setRunning(true)
    setAnswer(null)
    try {
      setAnswer(await api.customTools.test({ id: tool.id, operation: operation.name, arguments: args }))
    } catch (error) {
      showError(error)
    } finally {
      setRunning(false)
    }
  }

  return (
    <form className="form" noValidate onSubmit={(event) => void run(event)}>
      <TextAreaField
        label={c('try.arguments')}
        className="mono"
        rows={4}
        spellCheck={false}
        value={text}
        onChange={setText}
        error={isBad ? c('try.arguments.bad') : undefined}
      />
      <div>
        <Button type="submit" isPending={isRunning}>
          {c('try.run')}
        </Button>
      </div>
      <div role="status">
        {answer && (
          <Notice tone={answer.isWorking ? 'success' : 'warning'} icon={answer.isWorking ? CircleCheck : TriangleAlert}>
            {c(answer.isWorking ? 'try.worked' : 'try.failed', { ms: answer.durationMs })}
          </Notice>
        )}
      </div>
      {/* A box that scrolls can be reached by keyboard. */}
      {answer && (
        <pre className="try-result" tabIndex={0}>
          {answer.result}
        </pre>
      )}
    </form>
  )
}
