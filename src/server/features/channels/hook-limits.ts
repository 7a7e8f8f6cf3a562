import { AppError } from '../../platform/errors/index.ts'
import { networkOf, WindowCounter } from '../../platform/http/index.ts'

const windowMs = 60_000
/** Of one address; whoever types an address wrongly stays far below. */
const maxFailures = 60

/**
 * What strangers may cost, and what one installation may. Counted in the memory of each process: a counter in the database would be the cost that it is
 * to prevent. Whoever is told to wait loses nothing, since platforms send again. Each method throws `request.rate_limited`.
 */
export class HookLimits {
  readonly #unknown = new WindowCounter({ limit: maxFailures, windowMs })
  readonly #forged = new WindowCounter({ limit: maxFailures, windowMs })
  readonly #events: WindowCounter

  constructor(eventsPerMinute: number) {
    this.#events = new WindowCounter({ limit: eventsPerMinute, windowMs })
  }

  /** Before an id is looked up that is not known here. Platforms share their addresses among all senders, so that known installations are not held up. */
  refuseGuessers(address: string | null): void {
    if (address !== null) refuse(this.#unknown, networkOf(address))
  }

  countUnknown(address: string | null): void {
    if (address !== null) this.#unknown.add(networkOf(address))
  }

  /** Before a body is read whose proof costs something. */
  refuseForgers(installationId: string, address: string | null): void {
    if (address !== null) refuse(this.#forged, `${installationId} ${networkOf(address)}`)
  }

  countForged(installationId: string, address: string | null): void {
    if (address !== null) this.#forged.add(`${installationId} ${networkOf(address)}`)
  }

  /** Of a proved event, duplicates included: they cost as much. */
  countEvent(installationId: string): void {
    refuse(this.#events, installationId)
    this.#events.add(installationId)
  }
}

function refuse(counter: WindowCounter, subject: string): void {
  const seconds = counter.waitSeconds(subject)
  if (seconds > 0) throw new AppError('request.rate_limited', { retryAfterSeconds: seconds })
}
