import type { Component } from '../../../platform/a2ui/index.ts'
import type { Surface } from '../../tools/index.ts'
import { column, madeSurface, text } from './made-surface.ts'

export interface ShownAnswer {
  id: string
  question: string
  answer: string
}

/** Opens the answer of a question; handled without a model. */
export const showAnswer = 'faq.show'

/** Questions as buttons that bring their answers. */
export function faqSurface(entries: readonly ShownAnswer[]): Promise<Surface> {
  const buttons = entries.flatMap(({ id: faqId, question }, index): Component[] => [
    {
      id: `question-${index}`,
      component: 'Button',
      child: `words-${index}`,
      action: { event: { name: showAnswer, context: { faqId } } },
    },
    text(`words-${index}`, question),
  ])
  const root = column(
    'root',
    entries.map((_, index) => `question-${index}`),
  )
  return madeSurface([root, ...buttons], entries.map(({ question, answer }) => `${question}\n${answer}`).join('\n\n'))
}

/** One question with its answer. */
export function answerSurface({ question, answer }: ShownAnswer): Promise<Surface> {
  const paragraphs = answer
    .split(/\n\s*\n/)
    .map((words) => words.trim())
    .filter(Boolean)
  return madeSurface(
    [
      { id: 'root', component: 'Card', child: 'column' },
      column('column', ['question', ...paragraphs.map((_, index) => `answer-${index}`)]),
      text('question', question, 'h4'),
      ...paragraphs.map((words, index) => text(`answer-${index}`, words)),
    ],
    `${question}\n${answer}`,
  )
}
