import { Check, CircleAlert } from 'lucide-react'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { type ApiError, toApiError } from '../errors.ts'
import { t } from '../strings/index.ts'
import { Button } from './button.tsx'
import './form.css'

export interface FormState<Values> {
  values: Values
  set: (patch: Partial<Values>) => void
  /** The words for one field, from the check or from the server. */
  errorOf: (field: keyof Values & string) => string | undefined
  error: ApiError | null
  problems: string[]
  isDirty: boolean
  isPending: boolean
  isSaved: boolean
  onSubmit: (event: FormEvent) => void
  reset: () => void
}

interface FormOptions<Values> {
  /** What is stored. When it changes while nothing was edited, the form follows. */
  initial: Values
  submit: (values: Values) => Promise<unknown>
  /** Words for what is wrong, by field; asked at submit. */
  check?: (values: Values) => Partial<Record<keyof Values & string, string>>
  /** Names the draft that outlives navigation and reload. Never for a form with secrets. */
  draftKey?: string
}

/** One way of being a form: errors at the field and in a summary, the state of saving visible, nothing lost on navigation. */
export function useForm<Values extends object>({ initial, submit, check, draftKey }: FormOptions<Values>): FormState<Values> {
  const [edited, setEdited] = useState<Partial<Values>>(() => readDraft<Values>(draftKey))
  const [fieldErrors, setFieldErrors] = useState<Partial<Record<string, string>>>({})
  const [error, setError] = useState<ApiError | null>(null)
  const [isPending, setPending] = useState(false)
  const [isSaved, setSaved] = useState(false)
  const element = useRef<HTMLFormElement | null>(null)

  const values = { ...initial, ...edited }
  const isDirty = (Object.keys(edited) as (keyof Values)[]).some((key) => JSON.stringify(edited[key]) !== JSON.stringify(initial[key]))

  useEffect(() => writeDraft(draftKey, isDirty ? edited : {}), [draftKey, edited, isDirty])

  // The first field that is wrong gets the focus, so that the words beside it are read out.
  useEffect(() => {
    if (Object.keys(fieldErrors).length > 0) element.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [fieldErrors])

  async function save() {
    const wrong = check?.(values) ?? {}
    setFieldErrors(wrong)
    setError(null)
    if (Object.keys(wrong).length > 0 || isPending) return
    setPending(true)
    try {
      await submit(values)
      setEdited({})
      setSaved(true)
    } catch (thrown) {
      const failure = toApiError(thrown)
      setError(failure)
      setFieldErrors(Object.fromEntries(failure.issues.map((issue) => [String(issue.path[0] ?? ''), issue.message])))
    } finally {
      setPending(false)
    }
  }

  const known = Object.keys(values)
  return {
    values,
    set: (patch) => {
      setEdited((before) => ({ ...before, ...patch }))
      setSaved(false)
      setFieldErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !(field in patch))))
    },
    errorOf: (field) => fieldErrors[field],
    error,
    problems: Object.entries(fieldErrors)
      .filter(([field]) => !known.includes(field))
      .map(([field, message]) => [field, message].filter(Boolean).join(': ')),
    isDirty,
    isPending,
    isSaved,
    onSubmit: (event) => {
      event.preventDefault()
      element.current = event.currentTarget as HTMLFormElement
      void save()
    },
    reset: () => {
      setEdited({})
      setFieldErrors({})
      setError(null)
    },
  }
}

function readDraft<Values>(key: string | undefined): Partial<Values> {
  const stored = key === undefined ? null : sessionStorage.getItem(`parley.draft.${key}`)
  return stored === null ? {} : (JSON.parse(stored) as Partial<Values>)
}

function writeDraft(key: string | undefined, edited: object): void {
  if (key === undefined) return
  if (Object.keys(edited).length === 0) sessionStorage.removeItem(`parley.draft.${key}`)
  else sessionStorage.setItem(`parley.draft.${key}`, JSON.stringify(edited))
}

/** What stands above the fields when the server refused: what happened, what to do, and what belongs to no field. */
export function FormSummary({ form }: { form: Pick<FormState<object>, 'error' | 'problems'> }) {
  const { error, problems } = form
  const element = useRef<HTMLDivElement>(null)
  // A long form was sent from its other end.
  useEffect(() => {
    if (error) element.current?.scrollIntoView({ block: 'nearest' })
  }, [error])
  if (!error && problems.length === 0) return null
  return (
    <div className="form-summary" role="alert" ref={element}>
      <CircleAlert size={16} strokeWidth={1.75} aria-hidden />
      <div>
        {error && <p className="form-summary-title">{error.message}</p>}
        {error && <p>{[error.detail, error.action].filter(Boolean).join(' ')}</p>}
        {problems.map((problem) => (
          <p key={problem}>{problem}</p>
        ))}
      </div>
    </div>
  )
}

/** Save, discard, and where it stands. */
export function FormFooter({ form, label, children }: { form: FormState<object>; label?: string; children?: ReactNode }) {
  return (
    <div className="form-footer">
      <Button type="submit" variant="primary" isPending={form.isPending} aria-disabled={!form.isDirty || undefined}>
        {label ?? t('ui.save')}
      </Button>
      {form.isDirty && !form.isPending && (
        <Button variant="quiet" onClick={form.reset}>
          {t('ui.discard')}
        </Button>
      )}
      <p className="form-state" role="status">
        {form.isPending ? (
          t('ui.saving')
        ) : form.isDirty ? (
          t('ui.unsaved')
        ) : form.isSaved ? (
          <>
            <Check size={14} strokeWidth={2} aria-hidden />
            {t('ui.saved')}
          </>
        ) : null}
      </p>
      {children}
    </div>
  )
}
