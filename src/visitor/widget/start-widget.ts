import type { BotCard } from '../../contract/visits.ts'
import { addressOf, ask, type Place } from '../chat/admission.ts'
import { launcher } from './launcher.ts'
import { widgetHost } from './widget-host.ts'

/** Shows the button once the page is quiet, and only if there is a bot that may answer here. The chat itself is loaded when it is opened. */
export async function startWidget(place: Place): Promise<void> {
  await quietMoment()
  const response = await ask(addressOf(place, 'bot'), { credentials: 'omit' })
  const card = (await response.json()) as BotCard
  const { host, root } = widgetHost(card)
  const button = launcher(card.displayName)
  let panel: Promise<{ toggle: () => void }> | undefined
  button.addEventListener('click', () => {
    panel ??= import('./panel.ts').then(({ openPanel }) => openPanel({ place, card, root, button }))
    panel.then(
      ({ toggle }) => toggle(),
      // The next press tries again.
      () => (panel = undefined),
    )
  })
  root.append(button)
  document.body.append(host)
}

function quietMoment(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const wait = () => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 3_000 })
    else setTimeout(resolve, 300)
  }
  if (document.readyState === 'complete') wait()
  else addEventListener('load', wait, { once: true })
  return promise
}
