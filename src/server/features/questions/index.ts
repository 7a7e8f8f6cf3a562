export { type AskingCall, type OpenedQuestions } from './call-questions.ts'
export { createQuestions, type Questions } from './create-questions.ts'
export { toolQuestionRoutes } from './routes.ts'
