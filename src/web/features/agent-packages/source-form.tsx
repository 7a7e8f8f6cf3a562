import type { NewPackageSource } from '../../../contract/agent-packages.ts'
import { maxPackageBytes } from '../../../contract/package-choices.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { p } from './strings.ts'

interface Values {
  file: File | null
  url: string
  revision: string
  subPath: string
  sha256: string
}

const isAddress = (text: string) => URL.canParse(text) && ['https:', 'http:'].includes(new URL(text).protocol)

/** A file, a repository or an address; `inspect` fails with what is wrong with what was found there. */
export function SourceForm({ kind, inspect }: { kind: 'file' | 'git' | 'url'; inspect: (source: NewPackageSource) => Promise<void> }) {
  const form = useForm<Values>({
    initial: { file: null, url: '', revision: '', subPath: '', sha256: '' },
    check: ({ file, url, sha256 }) =>
      kind === 'file'
        ? { ...(!file && { file: p('file.missing') }), ...(file && file.size > maxPackageBytes && { file: p('file.large') }) }
        : {
            ...(!isAddress(url.trim()) && { url: p('url.missing') }),
            ...(kind === 'url' && sha256.trim() !== '' && !/^[0-9a-f]{64}$/i.test(sha256.trim()) && { sha256: p('sha.wrong') }),
          },
    submit: async (values) => inspect(await sourceFrom(kind, values)),
  })
  const { values, set, errorOf } = form
  return (
    <form className="form" noValidate onSubmit={form.onSubmit}>
      <FormSummary form={form} />
      {kind === 'file' ? (
        <Field label={p('file.label')} error={errorOf('file')}>
          {(wiring) => (
            <input
              {...wiring}
              type="file"
              className="input package-file"
              accept=".zip,application/zip"
              onChange={(event) => set({ file: event.target.files?.[0] ?? null })}
            />
          )}
        </Field>
      ) : (
        <>
          <TextField
            label={p(kind === 'git' ? 'git.label' : 'url.label')}
            help={p('url.help')}
            type="url"
            autoComplete="off"
            spellCheck={false}
            value={values.url}
            onChange={(url) => set({ url })}
            error={errorOf('url')}
          />
          <div className="form-row">
            {kind === 'git' && (
              <TextField
                label={p('revision.label')}
                help={p('revision.help')}
                autoComplete="off"
                spellCheck={false}
                value={values.revision}
                onChange={(revision) => set({ revision })}
                error={errorOf('revision')}
              />
            )}
            <TextField
              label={p('folder.label')}
              help={p('folder.help')}
              autoComplete="off"
              spellCheck={false}
              value={values.subPath}
              onChange={(subPath) => set({ subPath })}
              error={errorOf('subPath')}
            />
          </div>
          {kind === 'url' && (
            <TextField
              label={p('sha.label')}
              hint={p('optional')}
              help={p('sha.help')}
              className="mono"
              autoComplete="off"
              spellCheck={false}
              value={values.sha256}
              onChange={(sha256) => set({ sha256 })}
              error={errorOf('sha256')}
            />
          )}
        </>
      )}
      <div className="form-footer">
        <Button type="submit" variant="primary" isPending={form.isPending}>
          {p('look')}
        </Button>
        <p className="form-state" role="status">
          {form.isPending && p('looking')}
        </p>
      </div>
    </form>
  )
}

async function sourceFrom(kind: 'file' | 'git' | 'url', { file, url, revision, subPath, sha256 }: Values): Promise<NewPackageSource> {
  if (kind === 'file') return { kind, fileName: file!.name.slice(0, 255), base64: await base64Of(file!) }
  const below = subPath.trim() === '' ? {} : { subPath: subPath.trim() }
  if (kind === 'url') return { kind, url: url.trim(), ...below, ...(sha256.trim() !== '' && { sha256: sha256.trim().toLowerCase() }) }
  return { kind, url: url.trim(), ...below, ...(revision.trim() !== '' && { revision: revision.trim() }) }
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error as Error)
    reader.readAsDataURL(file)
  })
}
