import { useQueryClient } from '@tanstack/react-query'
import { webSearches } from '../../../contract/web-search.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { SelectField } from '../../ui/field.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { useMe } from '../people/me.ts'
import { useSaveMe } from '../people/use-save-me.ts'
import { m } from './strings.ts'

/** What searches the web in a person's conversations that say nothing else. */
export function DefaultSearch() {
  const { settings } = useMe()
  const client = useQueryClient()
  const saveMe = useSaveMe()

  async function choose(value: string) {
    try {
      saveMe(await api.people.updateSettings({ webSearch: webSearches.find((one) => one === value) ?? null }))
      void client.invalidateQueries({ queryKey: query.conversations.getSettings.key() })
      showToast({ title: m('search.saved') })
    } catch (error) {
      showError(error, m('search.failed'))
    }
  }

  return (
    <div className="default-model">
      <SelectField
        label={m('search.label')}
        help={m('search.help')}
        value={settings.webSearch ?? ''}
        onChange={(value) => void choose(value)}
        options={[
          { value: '', label: m('search.none') },
          ...webSearches.map((value) => ({ value, label: t(`conversation.search.${value}`) })),
        ]}
      />
    </div>
  )
}
