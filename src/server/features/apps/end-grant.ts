import type { AppDeps } from './apps-deps.ts'
import * as store from './store.ts'

/** Ends all that a program was given, in every process at once. False where there was nothing. */
export async function endGrant({ db, door, tell }: Pick<AppDeps, 'db' | 'door' | 'tell'>, userId: string, id: string): Promise<boolean> {
  const told = await db.transaction().execute(async (tx) => {
    if (!(await store.deleteGrant(tx, userId, id))) return undefined
    return tell(tx, [userId], { type: 'apps-changed' })
  })
  door.invalidate(userId)
  told?.()
  return told !== undefined
}
