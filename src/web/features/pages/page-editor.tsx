import { useSearch } from '@tanstack/react-router'
import { Eye, PenLine } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import type { Page } from '../../../contract/pages.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { FormFooter, FormSummary } from '../../ui/form.tsx'
import { useMediaQuery } from '../../ui/media-query.ts'
import { SettingsPage } from '../settings/settings-page.tsx'
import { BotEditor } from './bot/bot-editor.tsx'
import { DeletePage } from './delete-page.tsx'
import { FaqList } from './faq-list.tsx'
import { LinkList } from './link-list.tsx'
import { LookFields } from './look-fields.tsx'
import { PageParts } from './page-parts.tsx'
import { PagePreview } from './page-preview.tsx'
import { ProfileFields } from './profile-fields.tsx'
import { PublishSection } from './publish-section.tsx'
import { RoleList } from './role-list.tsx'
import { s } from './strings.ts'
import { draftOf, usePageForm } from './use-page-form.ts'

/** What can be changed, and beside it how it will look. Where there is no room for both, one at a time. */
export function PageEditor({ page, choose }: { page: Page; choose: ReactNode }) {
  const form = usePageForm(page)
  const { part } = useSearch({ from: '/app/settings/page' })
  const hasRoom = useMediaQuery('(min-width: 75rem)')
  const [isPreviewing, setPreviewing] = useState(false)
  const { update: mayUpdate, share: mayShare, delete: mayDelete } = page.may
  const preview = <PagePreview pageId={page.id} draft={draftOf(form.values)} />
  const top = useRef<HTMLDivElement>(null)

  function turn() {
    setPreviewing(!isPreviewing)
    top.current?.scrollIntoView()
  }

  const toggle = !hasRoom && (
    <Button icon={isPreviewing ? PenLine : Eye} aria-pressed={isPreviewing} onClick={turn}>
      {s(isPreviewing ? 'preview.hide' : 'preview.show')}
    </Button>
  )

  return (
    <SettingsPage title={t('settings.page')} width="wide" action={toggle}>
      <div className="page-editor" ref={top} data-beside={hasRoom || undefined}>
        {!hasRoom && isPreviewing && preview}
        <div className="page-editor-forms" hidden={!hasRoom && isPreviewing}>
          {choose}
          <PageParts />
          {part === 'bot' ? (
            <BotEditor page={page} />
          ) : (
            <>
              <PublishSection page={page} />
              <form className="form" noValidate onSubmit={form.onSubmit}>
                <FormSummary form={form} />
                {/* A group that is disabled disables what is in it. */}
                <fieldset className="page-fields" disabled={!mayUpdate}>
                  <ProfileFields form={form} />
                  <LookFields form={form} />
                </fieldset>
                {mayUpdate && <FormFooter form={form} />}
              </form>
              <LinkList pageId={page.id} mayChange={mayUpdate} />
              <FaqList pageId={page.id} mayChange={mayUpdate} />
              {mayShare && <RoleList pageId={page.id} />}
              {mayDelete && <DeletePage page={page} />}
            </>
          )}
        </div>
        {hasRoom && preview}
      </div>
    </SettingsPage>
  )
}
