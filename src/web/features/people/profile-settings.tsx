import { ChevronDown } from 'lucide-react'
import { useMemo } from 'react'
import type { Profile } from '../../../contract/people.ts'
import { api } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox, Field, TextAreaField, TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { Picker, type PickerGroup } from '../../ui/picker.tsx'
import { SettingsPage, SettingsSection } from '../settings/settings-page.tsx'
import { useMe } from './me.ts'
import './profile-settings.css'
import { p } from './strings.ts'
import { useSaveMe } from './use-save-me.ts'

type Texts = Record<keyof Profile, string>

const textsOf = (profile: Profile): Texts =>
  Object.fromEntries(Object.entries(profile).map(([field, value]) => [field, String(value ?? '')])) as Texts

const limits = { lat: 90, lng: 180 } as const
const degrees = (text: string): number | null => (text.trim() === '' ? null : Number(text.trim().replace(',', '.')))

/** An empty field is a value that is not known, except for the names. */
const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

export function ProfileSettings() {
  const me = useMe()
  const saveMe = useSaveMe()
  const form = useForm({
    initial: { ...textsOf(me.profile), sharesLocation: me.settings.sharesLocation },
    draftKey: `profile ${me.id}`,
    check: (values) =>
      Object.fromEntries(
        Object.entries(limits).flatMap(([field, limit]) => {
          const value = degrees(values[field as keyof typeof limits])
          return value === null || Math.abs(value) <= limit ? [] : [[field, p('profile.map.wrong', { from: -limit, to: limit })]]
        }),
      ),
    submit: async ({ firstName, lastName, sharesLocation, ...rest }) => {
      if (sharesLocation !== me.settings.sharesLocation) await api.people.updateSettings({ sharesLocation })
      saveMe(
        await api.people.updateProfile({
          firstName,
          lastName,
          bio: orNull(rest.bio),
          pictureUrl: orNull(rest.pictureUrl),
          city: orNull(rest.city),
          region: orNull(rest.region),
          country: orNull(rest.country),
          postalCode: orNull(rest.postalCode),
          timezone: orNull(rest.timezone),
          lat: degrees(rest.lat),
          lng: degrees(rest.lng),
        }),
      )
    },
  })
  const text = (field: keyof Texts) => ({
    value: form.values[field],
    onChange: (value: string) => form.set({ [field]: value }),
    error: form.errorOf(field),
    maxLength: 100,
  })

  return (
    <SettingsPage title={t('settings.profile')} intro={p('profile.intro')}>
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <div className="profile-head">
          <Avatar name={me.name} size="l" />
          <div className="form-row">
            <TextField label={p('profile.first')} autoComplete="given-name" {...text('firstName')} />
            <TextField label={p('profile.last')} autoComplete="family-name" {...text('lastName')} />
          </div>
        </div>
        <TextAreaField label={p('profile.bio')} help={p('profile.bio.help')} rows={3} {...text('bio')} maxLength={2000} />
        <TextField
          label={p('profile.picture')}
          help={p('profile.picture.help')}
          type="url"
          inputMode="url"
          {...text('pictureUrl')}
          maxLength={2048}
        />
        <SettingsSection title={p('profile.place')} intro={p('profile.place.help')}>
          <div className="form">
            <div className="form-row">
              <TextField label={p('profile.city')} autoComplete="address-level2" {...text('city')} />
              <TextField label={p('profile.region')} autoComplete="address-level1" {...text('region')} />
            </div>
            <div className="form-row">
              <TextField label={p('profile.country')} autoComplete="country-name" {...text('country')} />
              <TextField label={p('profile.postal')} autoComplete="postal-code" {...text('postalCode')} maxLength={20} />
            </div>
            <div className="form-row">
              <TextField label={p('profile.lat')} inputMode="decimal" autoComplete="off" {...text('lat')} />
              <TextField label={p('profile.lng')} inputMode="decimal" autoComplete="off" {...text('lng')} />
            </div>
            <TimeZoneField value={form.values.timezone} onChange={(timezone) => form.set({ timezone })} error={form.errorOf('timezone')} />
            <Checkbox
              label={p('profile.shares')}
              help={p('profile.shares.help')}
              isChecked={form.values.sharesLocation}
              onChange={(sharesLocation) => form.set({ sharesLocation })}
            />
          </div>
        </SettingsSection>
        <FormFooter form={form} />
      </form>
    </SettingsPage>
  )
}

function TimeZoneField({ value, onChange, error }: { value: string; onChange: (zone: string) => void; error: string | undefined }) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  const groups = useMemo(timeZones, [])
  return (
    <Field label={p('profile.timezone')} error={error}>
      {(wiring) => (
        <div className="timezone">
          <Picker
            label={p('profile.timezone')}
            trigger={
              <button type="button" {...wiring} className="input timezone-button">
                <span>{value === '' ? p('profile.timezone.none') : value.replaceAll('_', ' ')}</span>
                <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
              </button>
            }
            groups={groups}
            value={value || null}
            onChange={onChange}
            placeholder={p('profile.timezone.search')}
            empty={p('profile.timezone.empty')}
          />
          {value !== here && (
            <Button variant="quiet" size="s" onClick={() => onChange(here)}>
              {p('profile.timezone.here', { zone: here.replaceAll('_', ' ') })}
            </Button>
          )}
        </div>
      )}
    </Field>
  )
}

function timeZones(): PickerGroup[] {
  const byRegion = Object.groupBy(
    ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')],
    (zone) => zone.split('/')[0] ?? zone,
  )
  return Object.entries(byRegion).map(([region, zones = []]) => ({
    label: region,
    items: zones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') })),
  }))
}
