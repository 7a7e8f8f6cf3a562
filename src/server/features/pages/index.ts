import './tables.ts'

export { coloursOf } from '../../../page/index.ts'
export { returnBotAnswer, takeBotAnswer } from './bot-store.ts'
export { findPageContents, findPageWithBot, type PageContents, type PageWithBot } from './page-with-bot.ts'
export type { PagesDeps } from './pages-deps.ts'
export { publicPageRoutes } from './public-routes.ts'
export { pageRoutes } from './routes.ts'
export { noteUnanswered } from './unanswered-store.ts'
