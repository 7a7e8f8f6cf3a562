import { type PagePreset, pagePresets, pageSchemes, presetColours } from '../../../contract/page-choices.ts'
import type { PageTheme } from '../../../contract/pages.ts'
import { Checkbox, Field, RadioCards, SelectField } from '../../ui/field.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { s } from './strings.ts'
import type { PageForm } from './use-page-form.ts'

/** Where choosing a colour begins. */
const firstAccent = '#2f6f8f'

export function LookFields({ form }: { form: PageForm }) {
  const { theme } = form.values
  const set = (patch: Partial<PageTheme>) => form.set({ theme: { ...theme, ...patch } })
  return (
    <SettingsSection title={s('look.title')}>
      <div className="form">
        <RadioCards
          label={s('preset')}
          value={theme.preset}
          onChange={(preset) => set({ preset })}
          options={pagePresets.map((value) => ({ value, label: s(`preset.${value}`), detail: <Look preset={value} /> }))}
        />
        <div className="form-row">
          <SelectField
            label={s('scheme')}
            value={theme.scheme}
            onChange={(scheme) => set({ scheme })}
            options={pageSchemes.map((value) => ({ value, label: s(`scheme.${value}`) }))}
          />
          <div className="accent">
            <Checkbox
              label={s('accent.own')}
              help={s('accent.help')}
              isChecked={theme.accent !== null}
              onChange={(isOwn) => set({ accent: isOwn ? firstAccent : null })}
            />
            {theme.accent !== null && (
              <Field label={s('accent')} error={form.errorOf('theme')}>
                {(wiring) => (
                  <input
                    {...wiring}
                    type="color"
                    className="input accent-input"
                    value={theme.accent ?? firstAccent}
                    onChange={(event) => set({ accent: event.target.value })}
                  />
                )}
              </Field>
            )}
          </div>
        </div>
      </div>
    </SettingsSection>
  )
}

function Look({ preset }: { preset: PagePreset }) {
  const { surface, line, accent } = presetColours[preset]
  return (
    <span className="preset-look">
      <span className="preset-colours" style={{ background: surface, borderColor: line }} aria-hidden>
        <span style={{ background: accent }} />
        <span style={{ background: line }} />
        <span style={{ background: line }} />
      </span>
      {s(`preset.${preset}.detail`)}
    </span>
  )
}
