import { liveChat } from './chat/live-chat.ts'

/** The chat of a public page. Everything is there already; this makes it live. */
const section = document.querySelector<HTMLElement>('.chat[data-page]')
if (section)
  liveChat(section, {
    place: { origin: location.origin, slug: section.dataset.page ?? '', isWidget: false },
    showsAtOnce: false,
    onProblem: (problem) => console.error(problem),
  })
