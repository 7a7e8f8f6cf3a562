import { useChooseTheme } from '../../shell/use-choose-theme.ts'
import { t } from '../../strings/index.ts'
import { RadioCards } from '../../ui/field.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { p } from './strings.ts'

export function AppearanceSettings() {
  const [theme, chooseTheme] = useChooseTheme()
  return (
    <SettingsPage title={t('settings.appearance')} intro={p('appearance.intro')}>
      <RadioCards
        label={p('appearance.theme')}
        value={theme}
        onChange={chooseTheme}
        options={[
          { value: 'system', label: p('appearance.system'), detail: p('appearance.system.detail') },
          { value: 'light', label: p('appearance.light'), detail: p('appearance.light.detail') },
          { value: 'dark', label: p('appearance.dark'), detail: p('appearance.dark.detail') },
        ]}
      />
    </SettingsPage>
  )
}
