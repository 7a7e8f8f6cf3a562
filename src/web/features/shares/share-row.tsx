import { Link2 } from 'lucide-react'
import { useState } from 'react'
import type { Share } from '../../../contract/shares.ts'
import { api } from '../../api.ts'
import { formatAgo } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import type { Row } from '../../ui/row-list.tsx'
import { showToast } from '../../ui/toast.tsx'
import { addressOf } from './share-address.ts'
import { s } from './strings.ts'

/** A link in a list: where it leads, what it shows, and the way to end it. `title`: where links of several conversations stand together. */
export function shareRow(share: Share, title: string | null, onRevoked: (share: Share) => void): Row {
  const when = formatAgo(share.createdAt)
  return {
    key: share.id,
    icon: Link2,
    title: title ?? s('row.made', { when }),
    detail: [title === null ? '' : when, s(share.isLive ? 'row.live' : 'row.frozen'), share.isIndexed ? s('row.indexed') : '']
      .filter(Boolean)
      .join(' · '),
    actions: (
      <>
        <CopyButton
          text={addressOf(share)}
          label={s('copy')}
          name={title === null ? s('copy.label', { when }) : s('copy.label.of', { title })}
        />
        <Revoke share={share} name={title === null ? s('revoke.label', { when }) : s('revoke.label.of', { title })} onRevoked={onRevoked} />
      </>
    ),
  }
}

function Revoke({ share, name, onRevoked }: { share: Share; name: string; onRevoked: (share: Share) => void }) {
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Button aria-label={name} onClick={() => setAsking(true)}>
        {s('revoke')}
      </Button>
      {isAsking && (
        <ConfirmDialog
          open
          onOpenChange={setAsking}
          title={s('revoke.title')}
          text={s('revoke.text')}
          action={s('revoke')}
          onConfirm={async () => {
            await api.shares.revoke({ id: share.id })
            onRevoked(share)
            showToast({ title: s('revoked') })
          }}
        />
      )}
    </>
  )
}
