import {
  canRedact,
  guardrailActions,
  guardrailKinds,
  guardrailLimits as limits,
  guardrailPlaces,
} from '../../../contract/guardrail-choices.ts'
import { Checkbox, RadioCards, SelectField, TextAreaField, TextField } from '../../ui/field.tsx'
import { FormFooter, type FormState, FormSummary } from '../../ui/form.tsx'
import { ChoiceField } from './choice-field.tsx'
import { ConfigurationFields } from './configuration-fields.tsx'
import { actionOf, type GuardrailFields } from './guardrail-fields.ts'
import { g } from './strings.ts'

/** What it looks for, where, and what it does then. */
export function GuardrailForm({ form, isNew }: { form: FormState<GuardrailFields>; isNew: boolean }) {
  const { values, set, errorOf } = form
  const action = actionOf(values)
  const waits = values.places.includes('output') && action === 'block' && !canRedact(values.kind)
  return (
    <form className="form" noValidate onSubmit={form.onSubmit}>
      <FormSummary form={form} />
      <TextField
        label={g('name')}
        autoComplete="off"
        maxLength={limits.name}
        value={values.name}
        onChange={(name) => set({ name })}
        error={errorOf('name')}
      />
      <SelectField
        label={g('kind')}
        {...(isNew ? {} : { help: g('kind.help') })}
        disabled={!isNew}
        value={values.kind}
        onChange={(kind) => set({ kind })}
        options={guardrailKinds.map((value) => ({ value, label: g(`kind.${value}`) }))}
      />
      <ConfigurationFields form={form} />
      <ChoiceField
        label={g('places')}
        error={errorOf('places')}
        {...(waits && { help: g('wait') })}
        chosen={values.places}
        onChange={(places) => set({ places })}
        options={guardrailPlaces.map((value) => ({
          value,
          label: g(`place.${value}`),
          ...(value === 'output' && { help: g('places.output.help') }),
        }))}
      />
      <RadioCards
        label={g('action')}
        value={action}
        onChange={(chosen) => set({ action: chosen, ifFails: chosen === 'warn' ? 'open' : 'closed' })}
        options={guardrailActions
          .filter((value) => value !== 'redact' || canRedact(values.kind))
          .map((value) => ({ value, label: g(`action.${value}`), detail: g(`action.${value}.help`) }))}
      />
      <SelectField
        label={g('fails')}
        value={values.ifFails}
        onChange={(ifFails) => set({ ifFails })}
        options={(['closed', 'open'] as const).map((value) => ({ value, label: g(`fails.${value}`) }))}
      />
      <TextAreaField
        label={g('message')}
        help={g('message.help')}
        rows={2}
        maxLength={limits.message}
        value={values.message}
        onChange={(message) => set({ message })}
        error={errorOf('message')}
      />
      <RadioCards
        label={g('applies')}
        value={values.appliesTo}
        onChange={(appliesTo) => set({ appliesTo })}
        options={(['everything', 'agents'] as const).map((value) => ({ value, label: g(`applies.${value}`) }))}
      />
      <Checkbox label={g('enabled')} isChecked={values.isEnabled} onChange={(isEnabled) => set({ isEnabled })} />
      <FormFooter form={form} {...(isNew ? { label: g('add') } : {})} />
    </form>
  )
}
