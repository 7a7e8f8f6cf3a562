import type { Installation } from '../../../contract/channels.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import '../people/new-api-key-dialog.css'
import { i } from './strings.ts'

interface Props {
  installation: Installation
  /** Null where the platform was told it. */
  secret: string | null
  title: string
  text: string
  onClose: () => void
}

/** What the sender of a webhook is set up with, shown once. */
export function SecretDialog({ installation, secret, title, text, onClose }: Props) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={text}
      footer={
        <Button variant="primary" onClick={onClose}>
          {i('made.done')}
        </Button>
      }
    >
      {secret !== null && (
        <div className="form">
          <Copied label={i('made.url')} text={installation.hookUrl} />
          <Copied label={i('made.secret')} text={secret} />
        </div>
      )}
    </Dialog>
  )
}

function Copied({ label, text }: { label: string; text: string }) {
  return (
    <Field label={label}>
      {(wiring) => (
        <div className="secret">
          <input {...wiring} className="input mono" readOnly value={text} onFocus={(event) => event.target.select()} />
          <CopyButton text={text} />
        </div>
      )}
    </Field>
  )
}
