import type { ToolQuestion } from '../../../../../contract/tool-questions.ts'
import { t } from '../../../../strings/index.ts'

/** What a tool has asked and what became of it. What was filled in is the tool's alone. */
export function AnsweredQuestion({ question: { body, state } }: { question: ToolQuestion }) {
  return (
    <div className="question-past">
      <p>
        {t(`conversation.question.${body.kind}`, { source: body.source })} <b>{t(`conversation.question.was.${state}`)}</b>
      </p>
      {(body.kind === 'form' || body.kind === 'url') && <p className="question-message">{body.message}</p>}
      {body.kind === 'url' && <p className="mono">{body.host}</p>}
      {body.kind === 'sampling' && (
        <>
          <pre className="question-asked">{body.text}</pre>
          {body.answer !== null && <pre className="question-asked">{body.answer}</pre>}
        </>
      )}
    </div>
  )
}
