export type RefusalReason =
  | 'locked'
  | 'login_refused'
  | 'server_too_old'
  | 'vector_missing'
  | 'schema_newer'
  | 'migration_changed'
  | 'not_empty'
  | 'file_exists'
  | 'backup_damaged'

/** The database must not be used like this, and only a person can change that. The message is for that person: what is wrong, and what to do. */
export class DatabaseRefusal extends Error {
  override readonly name = 'DatabaseRefusal'
  readonly reason: RefusalReason

  constructor(reason: RefusalReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
