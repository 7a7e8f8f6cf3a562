import { Bot, ExternalLink, KeyRound, type LucideIcon, MessageCircleQuestionMark } from 'lucide-react'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { QuestionBody, ToolQuestion } from '../../../../../contract/tool-questions.ts'
import { formatClock } from '../../../../strings/format.ts'
import { t } from '../../../../strings/index.ts'
import { Button } from '../../../../ui/button.tsx'
import { ConnectChoices } from './connect-choices.tsx'
import { QuestionField } from './question-field.tsx'
import { initialOf, valuesOf } from './question-values.ts'
import './question.css'
import { type Action, useAnswer } from './use-answer.ts'

type Of<Kind extends QuestionBody['kind']> = Extract<QuestionBody, { kind: Kind }>

/** What a tool asks while it runs. It stands in the message itself, so it is there again after a reload and on every device. */
export function QuestionCard({ question }: { question: ToolQuestion }) {
  const { body } = question
  switch (body.kind) {
    case 'form':
      return <FormQuestion question={question} body={body} />
    case 'url':
      return <UrlQuestion question={question} body={body} />
    case 'connect':
      return <ConnectQuestion question={question} body={body} />
    case 'sampling':
      return <SamplingQuestion question={question} body={body} />
  }
}

function Card({ icon: Icon, title, question, children }: { icon: LucideIcon; title: string; question: ToolQuestion; children: ReactNode }) {
  const expiresAt = new Date(question.expiresAt)
  // Only what is over soon is worth a clock.
  const [isBrief] = useState(() => expiresAt.getTime() - Date.now() < 60 * 60_000)
  return (
    <section className="permission question" aria-label={title}>
      <p className="permission-title">
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        {title}
      </p>
      {children}
      {isBrief && <p className="field-help">{t('conversation.question.until', { time: formatClock(expiresAt) })}</p>}
    </section>
  )
}

function Choices({ sent, answer, children }: { sent: Action | null; answer: (action: Action) => void; children: ReactNode }) {
  return (
    <div className="permission-choices">
      {children}
      <Button size="s" isPending={sent === 'decline'} disabled={sent !== null && sent !== 'decline'} onClick={() => answer('decline')}>
        {t('conversation.question.decline')}
      </Button>
      <Button
        size="s"
        variant="quiet"
        isPending={sent === 'cancel'}
        disabled={sent !== null && sent !== 'cancel'}
        onClick={() => answer('cancel')}
      >
        {t('conversation.question.cancel')}
      </Button>
    </div>
  )
}

function FormQuestion({ question, body }: { question: ToolQuestion; body: Of<'form'> }) {
  const { sent, errors, answer } = useAnswer(question)
  const [entered, setEntered] = useState(() => initialOf(body.fields))
  const form = useRef<HTMLFormElement>(null)
  // The first field that is wrong may be far above what was pressed.
  useEffect(() => {
    if (Object.keys(errors).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid], [data-wrong]')?.focus()
  }, [errors])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void answer('accept', valuesOf(body.fields, entered))
  }
  return (
    <Card icon={MessageCircleQuestionMark} title={t('conversation.question.form', { source: body.source })} question={question}>
      <p className="permission-text question-message">{body.message}</p>
      <form className="form" noValidate onSubmit={submit} ref={form}>
        {body.fields.map((field) => (
          <QuestionField
            key={field.name}
            field={field}
            value={entered[field.name]!}
            onChange={(value) => setEntered((before) => ({ ...before, [field.name]: value }))}
            error={errors[field.name] && t('conversation.question.wrong', { field: field.title, problem: errors[field.name]! })}
          />
        ))}
        <p className="field-help">{t('conversation.question.warning', { source: body.source })}</p>
        <Choices sent={sent} answer={(action) => void answer(action)}>
          <Button size="s" variant="primary" type="submit" isPending={sent === 'accept'} disabled={sent !== null && sent !== 'accept'}>
            {t('conversation.question.send')}
          </Button>
        </Choices>
      </form>
    </Card>
  )
}

function UrlQuestion({ question, body }: { question: ToolQuestion; body: Of<'url'> }) {
  const { sent, answer } = useAnswer(question)
  const [isOpened, setOpened] = useState(false)
  return (
    <Card icon={ExternalLink} title={t('conversation.question.url', { source: body.source })} question={question}>
      <p className="permission-text question-message">{body.message}</p>
      <p className="question-host">
        <b>{body.host}</b>
        <span className="mono">{body.url}</span>
      </p>
      <p className="field-help">{t('conversation.question.url.warning')}</p>
      <Choices sent={sent} answer={(action) => void answer(action)}>
        <a
          className="button"
          data-variant={isOpened ? 'secondary' : 'primary'}
          data-size="s"
          href={body.url}
          target="_blank"
          rel="noopener noreferrer"
          onClick={() => setOpened(true)}
        >
          {t('conversation.question.url.open', { host: body.host })}
        </a>
        {isOpened && (
          <Button size="s" variant="primary" isPending={sent === 'accept'} onClick={() => void answer('accept')}>
            {t('conversation.question.url.done')}
          </Button>
        )}
      </Choices>
    </Card>
  )
}

function ConnectQuestion({ question, body }: { question: ToolQuestion; body: Of<'connect'> }) {
  const { sent, answer } = useAnswer(question)
  return (
    <Card icon={KeyRound} title={t('conversation.question.connect', { source: body.source })} question={question}>
      <p className="permission-text">{t(`conversation.question.connect.${body.how}`, { source: body.source })}</p>
      <div className="permission-choices">
        <ConnectChoices serverId={body.serverId} how={body.how} />
        <Button size="s" isPending={sent === 'accept'} disabled={sent === 'decline'} onClick={() => void answer('accept')}>
          {t('conversation.question.connect.again')}
        </Button>
        <Button size="s" variant="quiet" isPending={sent === 'decline'} disabled={sent === 'accept'} onClick={() => void answer('decline')}>
          {t('conversation.question.connect.without')}
        </Button>
      </div>
    </Card>
  )
}

function SamplingQuestion({ question, body }: { question: ToolQuestion; body: Of<'sampling'> }) {
  const { sent, answer } = useAnswer(question)
  return (
    <Card icon={Bot} title={t('conversation.question.sampling', { source: body.source })} question={question}>
      <p className="permission-text">{t('conversation.question.sampling.text', { tokens: body.maxTokens })}</p>
      {/* A box that scrolls can be reached by keyboard. */}
      <pre className="question-asked" tabIndex={0}>
        {body.text}
      </pre>
      <div className="permission-choices">
        <Button
          size="s"
          variant="primary"
          isPending={sent === 'accept'}
          disabled={sent === 'decline'}
          onClick={() => void answer('accept')}
        >
          {t('conversation.question.sampling.allow')}
        </Button>
        <Button size="s" isPending={sent === 'decline'} disabled={sent === 'accept'} onClick={() => void answer('decline')}>
          {t('conversation.question.sampling.deny')}
        </Button>
      </div>
    </Card>
  )
}
