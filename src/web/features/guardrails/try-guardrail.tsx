import { CircleAlert, CircleCheck, SearchCheck } from 'lucide-react'
import { useState } from 'react'
import { guardrailLimits } from '../../../contract/guardrail-choices.ts'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { TextAreaField } from '../../ui/field.tsx'
import { Notice } from '../../ui/states.tsx'
import { showError } from '../../ui/toast.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { checkConfiguration, configurationOf, type GuardrailFields } from './guardrail-fields.ts'
import { g } from './strings.ts'
import './guardrails.css'

type Answer = Awaited<ReturnType<typeof api.guardrails.test>>

/** The rule as its form has it, on a text. */
export function TryGuardrail({ fields }: { fields: GuardrailFields }) {
  const { id: workspaceId } = useWorkspace()
  const [text, setText] = useState('')
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [isRunning, setRunning] = useState(false)
  const [problem, setProblem] = useState<string>()

  async function run() {
    if (isRunning) return
    const isRight = Object.keys(checkConfiguration(fields)).length === 0
    const missing = isRight ? (text === '' ? g('try.empty') : undefined) : g('try.first')
    setProblem(missing)
    setAnswer(null)
    if (missing) return
    setRunning(true)
    try {
      setAnswer(await api.guardrails.test({ workspaceId, configuration: configurationOf(fields), text }))
    } catch (error) {
      showError(error)
    } finally {
      setRunning(false)
    }
  }

  return (
    <SettingsSection title={g('try')} intro={g('try.help')}>
      <div className="guardrail-try">
        <TextAreaField label={g('try.text')} rows={3} maxLength={guardrailLimits.tried} value={text} onChange={setText} error={problem} />
        <div>
          <Button icon={SearchCheck} isPending={isRunning} onClick={() => void run()}>
            {g('try.run')}
          </Button>
        </div>
        <div role="status">{answer && <Said answer={answer} />}</div>
        {answer?.outcome === 'found' && answer.redacted !== null && (
          <div>
            <p className="field-label">{g('try.redacted')}</p>
            {/* A box that scrolls can be reached by keyboard. */}
            <pre className="guardrail-redacted" tabIndex={0}>
              {answer.redacted}
            </pre>
          </div>
        )}
      </div>
    </SettingsSection>
  )
}

function Said({ answer: { outcome, found, reason, durationMs } }: { answer: Answer }) {
  return (
    <Notice tone={outcome === 'passed' ? 'success' : 'warning'} icon={outcome === 'passed' ? CircleCheck : CircleAlert}>
      <p>{g(`try.${outcome}`, { found, ms: durationMs })}</p>
      {reason && <p>{g('try.reason', { reason })}</p>}
    </Notice>
  )
}
