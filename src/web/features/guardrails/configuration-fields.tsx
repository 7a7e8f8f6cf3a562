import { guardrailLimits as limits, personalDataKinds } from '../../../contract/guardrail-choices.ts'
import { Checkbox, SelectField, TextAreaField, TextField } from '../../ui/field.tsx'
import type { FormState } from '../../ui/form.tsx'
import { useModels } from '../conversations/composer/models.ts'
import { ModelField } from '../models/model-field.tsx'
import { ChoiceField } from './choice-field.tsx'
import type { GuardrailFields } from './guardrail-fields.ts'
import { g } from './strings.ts'

/** What a guardrail of its kind looks for. */
export function ConfigurationFields({ form }: { form: FormState<GuardrailFields> }) {
  const { values, set, errorOf } = form
  switch (values.kind) {
    case 'pattern':
      return (
        <>
          <TextAreaField
            label={g('words')}
            help={g('words.help')}
            rows={4}
            value={values.words}
            onChange={(words) => set({ words })}
            error={errorOf('words')}
          />
          <TextAreaField
            label={g('expressions')}
            help={g('expressions.help', { count: limits.passage })}
            className="mono"
            rows={3}
            spellCheck={false}
            value={values.expressions}
            onChange={(expressions) => set({ expressions })}
            error={errorOf('expressions')}
          />
          <Checkbox label={g('case')} isChecked={values.isCaseSensitive} onChange={(isCaseSensitive) => set({ isCaseSensitive })} />
        </>
      )
    case 'personal_data':
      return (
        <ChoiceField
          label={g('finds')}
          error={errorOf('finds')}
          chosen={values.finds}
          onChange={(finds) => set({ finds })}
          options={personalDataKinds.map((value) => ({
            value,
            label: g(`finds.${value}`),
            ...(value === 'national_id' && { help: g('finds.national_id.help') }),
          }))}
        />
      )
    case 'length':
      return (
        <div className="guardrail-pair">
          <TextField
            label={g('max')}
            inputMode="numeric"
            autoComplete="off"
            maxLength={8}
            value={values.max}
            onChange={(max) => set({ max })}
            error={errorOf('max')}
          />
          <SelectField
            label={g('unit')}
            value={values.unit}
            onChange={(unit) => set({ unit })}
            options={(['characters', 'tokens'] as const).map((value) => ({ value, label: g(`unit.${value}`) }))}
          />
        </div>
      )
    case 'topics':
      return (
        <>
          <TextAreaField
            label={g('topics')}
            help={g('topics.help')}
            placeholder={g('topics.example')}
            rows={5}
            value={values.topics}
            onChange={(topics) => set({ topics })}
            error={errorOf('topics')}
          />
          <TextField
            label={g('threshold')}
            help={g('threshold.help')}
            inputMode="decimal"
            autoComplete="off"
            maxLength={5}
            value={values.threshold}
            onChange={(threshold) => set({ threshold })}
            error={errorOf('threshold')}
          />
        </>
      )
    case 'judge':
      return <JudgeFields form={form} />
  }
}

function JudgeFields({ form: { values, set, errorOf } }: { form: FormState<GuardrailFields> }) {
  const { data } = useModels()
  return (
    <>
      <ModelField
        label={g('model')}
        help={g('model.help')}
        error={errorOf('modelId')}
        models={data?.models}
        value={values.modelId}
        onChange={(model) => set({ modelId: model?.id ?? null })}
        none={g('model.none')}
      />
      <TextAreaField
        label={g('question')}
        help={g('question.help')}
        placeholder={g('question.example')}
        rows={3}
        maxLength={limits.question}
        value={values.question}
        onChange={(question) => set({ question })}
        error={errorOf('question')}
      />
      <TextField
        label={g('timeout')}
        inputMode="numeric"
        autoComplete="off"
        maxLength={2}
        value={values.timeout}
        onChange={(timeout) => set({ timeout })}
        error={errorOf('timeout')}
      />
    </>
  )
}
