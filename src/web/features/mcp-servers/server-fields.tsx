import type { McpServer } from '../../../contract/mcp-servers.ts'
import { Checkbox, SelectField, TextAreaField, TextField } from '../../ui/field.tsx'
import type { FormState } from '../../ui/form.tsx'
import { pairsOf, type ServerValues } from './server-form.ts'
import { m } from './strings.ts'

/** What is wrong with these, by field. */
export function checkServer(values: ServerValues) {
  const isProgram = values.kind === 'stdio'
  return {
    ...(values.name.trim() === '' && { name: m('form.name.missing') }),
    ...(!isProgram && !/^https?:\/\/\S+$/.test(values.url.trim()) && { url: m('form.url.bad') }),
    ...(isProgram && values.command.trim() === '' && { command: m('form.command.missing') }),
    ...(isProgram && !pairsOf(values.env, '=') && { env: m('form.env.bad') }),
    ...(!isProgram && !pairsOf(values.headers, ':') && { headers: m('form.headers.bad') }),
  }
}

/** `server`: the one that is changed. */
export function ServerFields({ form, server }: { form: FormState<ServerValues>; server: McpServer | null }) {
  const { values, set, errorOf } = form
  const kept = (names: readonly string[]) => (names.length > 0 ? ` ${m('form.keep', { names: names.join(', ') })}` : '')
  const plain = { autoComplete: 'off', spellCheck: false } as const
  return (
    <>
      <TextField
        label={m('form.name')}
        help={server ? undefined : m('form.name.help')}
        maxLength={100}
        autoComplete="off"
        value={values.name}
        onChange={(name) => set({ name })}
        error={errorOf('name')}
      />
      {values.kind === 'http' ? (
        <>
          <TextField
            {...plain}
            label={m('form.url')}
            type="url"
            inputMode="url"
            placeholder="https://"
            maxLength={2048}
            value={values.url}
            onChange={(url) => set({ url })}
            error={errorOf('url')}
          />
          <TextAreaField
            {...plain}
            label={m('form.headers')}
            help={m('form.headers.help') + kept(server?.headerNames ?? [])}
            rows={2}
            className="mono"
            value={values.headers}
            onChange={(headers) => set({ headers })}
            error={errorOf('headers')}
          />
          {!server && <Checkbox label={m('form.sse')} isChecked={values.isSse} onChange={(isSse) => set({ isSse })} />}
          <SelectField
            label={m('form.credentials')}
            help={m(`form.credentials.${values.credentials}.help`)}
            value={values.credentials}
            onChange={(credentials) => set({ credentials })}
            options={(['shared', 'personal', 'oauth'] as const).map((value) => ({ value, label: m(`form.credentials.${value}`) }))}
          />
        </>
      ) : (
        <>
          <TextField
            {...plain}
            label={m('form.command')}
            className="mono"
            placeholder="npx"
            value={values.command}
            onChange={(command) => set({ command })}
            error={errorOf('command')}
          />
          <TextAreaField
            {...plain}
            label={m('form.args')}
            help={m('form.args.help')}
            rows={3}
            className="mono"
            value={values.args}
            onChange={(args) => set({ args })}
            error={errorOf('args')}
          />
          <TextAreaField
            {...plain}
            label={m('form.env')}
            help={m('form.env.help') + kept(server?.envNames ?? [])}
            rows={2}
            className="mono"
            value={values.env}
            onChange={(env) => set({ env })}
            error={errorOf('env')}
          />
        </>
      )}
      <Checkbox
        label={m('form.trust')}
        help={m('form.trust.help')}
        isChecked={values.trustsHints}
        onChange={(trustsHints) => set({ trustsHints })}
      />
      {server && (
        <SelectField
          label={m('form.sampling')}
          help={m('form.sampling.help')}
          value={values.sampling}
          onChange={(sampling) => set({ sampling })}
          options={(['deny', 'ask', 'allow'] as const).map((value) => ({ value, label: m(`form.sampling.${value}`) }))}
        />
      )}
    </>
  )
}
