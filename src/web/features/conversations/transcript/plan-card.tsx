import { Check, Circle, CircleDot, Minus, type LucideIcon } from 'lucide-react'
import type { PlannedStep, StepState } from '../../../../contract/plan.ts'
import { t } from '../../../strings/index.ts'
import './plan-card.css'

const icons: Record<StepState, LucideIcon> = { open: Circle, active: CircleDot, done: Check, dropped: Minus }

/** What a model means to do: open while it does it, one line once the answer is there. */
export function PlanCard({ steps, isLive }: { steps: readonly PlannedStep[]; isLive: boolean }) {
  const count = steps.filter(({ state }) => state !== 'dropped').length
  const done = steps.filter(({ state }) => state === 'done').length
  return (
    // Drawn anew when the answer ends, so that it folds then and stays as somebody leaves it.
    <details key={String(isLive)} className="plan" open={isLive}>
      <summary>
        <b>{t('conversation.plan')}</b>
        <span className="numeric">{t('conversation.plan.progress', { done, count })}</span>
        <progress value={done} max={Math.max(count, 1)} aria-hidden />
      </summary>
      <ol>
        {steps.map(({ text, state }, index) => {
          const Icon = icons[state]
          return (
            <li key={index} data-state={state} aria-current={state === 'active' ? 'step' : undefined}>
              <Icon size={16} strokeWidth={2} aria-hidden />
              <span>{text}</span>
              <span className="visually-hidden">{t(`conversation.plan.${state}`)}</span>
            </li>
          )
        })}
      </ol>
    </details>
  )
}
