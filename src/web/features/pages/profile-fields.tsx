import { Plus, X } from 'lucide-react'
import { pageLimits, type SocialPlatform, socialPlatforms } from '../../../contract/page-choices.ts'
import type { SocialLink } from '../../../contract/pages.ts'
import { Button } from '../../ui/button.tsx'
import { Select, TextAreaField, TextField } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { s } from './strings.ts'
import type { PageForm } from './use-page-form.ts'

const platforms = (Object.entries(socialPlatforms) as [SocialPlatform, string][]).map(([value, label]) => ({ value, label }))

export function ProfileFields({ form }: { form: PageForm }) {
  const text = (field: 'displayName' | 'tagline' | 'bio' | 'email' | 'avatarUrl', maxLength: number) => ({
    value: form.values[field],
    onChange: (value: string) => form.set({ [field]: value }),
    error: form.errorOf(field),
    maxLength,
  })
  return (
    <SettingsSection title={s('profile.title')}>
      <div className="form">
        <TextField label={s('name')} {...text('displayName', 255)} />
        <TextField label={s('tagline')} help={s('tagline.help')} {...text('tagline', 500)} />
        <TextAreaField label={s('bio')} help={s('bio.help')} rows={4} {...text('bio', 4000)} />
        <div className="form-row">
          <TextField label={s('email')} help={s('email.help')} type="email" inputMode="email" {...text('email', 255)} />
          <TextField label={s('avatar')} help={s('avatar.help')} type="url" inputMode="url" {...text('avatarUrl', 2048)} />
        </div>
        <SocialLinks
          links={form.values.socialLinks}
          onChange={(socialLinks) => form.set({ socialLinks })}
          error={form.errorOf('socialLinks')}
        />
      </div>
    </SettingsSection>
  )
}

function SocialLinks({
  links,
  onChange,
  error,
}: {
  links: readonly SocialLink[]
  onChange: (links: SocialLink[]) => void
  error: string | undefined
}) {
  const change = (at: number, patch: Partial<SocialLink>) =>
    onChange(links.map((link, index) => (index === at ? { ...link, ...patch } : link)))
  return (
    <fieldset className="social-links">
      <legend className="field-label">{s('social.title')}</legend>
      {links.map(({ platform, url }, at) => (
        // A place is only known by where it stands: there is nothing else to tell two empty ones apart.
        <div key={at} className="social-link">
          <Select
            aria-label={s('social.platform', { number: at + 1 })}
            value={platform}
            onChange={(next) => change(at, { platform: next })}
            options={platforms}
          />
          <input
            className="input"
            type="url"
            inputMode="url"
            aria-label={s('social.url', { number: at + 1 })}
            aria-invalid={error ? true : undefined}
            placeholder="https://"
            maxLength={2048}
            value={url}
            onChange={(event) => change(at, { url: event.target.value })}
          />
          <IconButton
            icon={X}
            size="s"
            label={s('social.remove', { number: at + 1 })}
            onClick={() => onChange(links.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      {error && <p className="field-error">{error}</p>}
      {links.length < pageLimits.socialLinks && (
        <Button size="s" variant="quiet" icon={Plus} onClick={() => onChange([...links, { platform: 'website', url: '' }])}>
          {s('social.add')}
        </Button>
      )}
    </fieldset>
  )
}
