import type { Question, Skill } from './answer.ts'
import { keywordsOf, mentionsOf, quoted } from './sentences.ts'

const whole = (pattern: string) =>
  new RegExp(`^\\W*(?:${pattern})(?:[\\s,]+(?:parley|there|everyone|all|again|friend|you|so much|very much|a lot))*\\W*$`, 'i')

const exchanges: [RegExp, string | ((question: Question) => string)][] = [
  [
    whole('hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day)|greetings|hello world|hallo|bonjour|hola|servus|moin'),
    'Hello. I am the offline assistant that comes with Parley. I work by rules, without a key and without the internet. Ask me how Parley works, give me something to calculate, a date, or a text. `help` shows what I know.',
  ],
  [
    whole('thanks?|thank you|thx|cheers|great|perfect|nice|cool|ok(?:ay)?|good|awesome|got it|well done|danke|merci|gracias'),
    'You are welcome.',
  ],
  [whole('bye|goodbye|good ?night|see you(?: later)?|ciao|so long'), 'Goodbye. The conversation stays here until you delete it.'],
  [
    /^\W*how are you\b|^\W*how(?:['’]s| is) it going\b|^\W*what['’]?s up\b/i,
    'I have no moods: I am a set of rules, and they are all in place. What can I do for you?',
  ],
  [
    /\b(?:who|what) (?:are|r) (?:you|u)\b|\bwhat(?:['’]s| is) your name\b|\bare you (?:an? )?(?:ai|bot|robot|human|person|real|llm|large|language model|chatgpt|gpt|claude|gemini|grok|llama)|\bwhich model (?:are you|is this|do you use)\b|\bwhat (?:kind of )?(?:model|ai|llm) (?:are you|is this)\b|\bintroduce yourself\b/i,
    'I am **Parley offline**, the assistant built into this server. I am not a large language model: I follow written rules, so I know only what is listed under `help`, and the same question always gets the same answer. I run on this machine, need no key, cost nothing and send nothing anywhere.\n\nFor a real model, add a connection to a provider (OpenAI, Anthropic, Google, xAI, any OpenAI-compatible server, or Ollama on this machine) under **Settings → Connections**, then choose one of its models at the box where you write.',
  ],
  [
    /\bwho (?:made|built|created|wrote) (?:you|parley)\b/i,
    'The people who write Parley wrote my rules. No text was used to train me: there is nothing in me to train.',
  ],
  [/\b(?:do you|can you) (?:learn|remember|train)\b/i, 'I learn nothing. I see the text of this conversation, and nothing outside it.'],
  [
    /^\W*(?:can you|do you) (?:really )?(?:think|feel|understand|reason)\W*$|\bare you (?:conscious|sentient|alive|smart|intelligent)\b/i,
    'No. I match what you write against rules. Where no rule fits, I say so.',
  ],
]

export const answerSmallTalk: Skill = (asked) => {
  if (asked.question.trim() === '') return 'Your message has no text that I can read. I cannot see pictures or open files.'
  if (asked.question.length > 200) return undefined
  const found = exchanges.find(([pattern]) => pattern.test(asked.question))?.[1]
  return typeof found === 'function' ? found(asked) : found
}

const beyond: [RegExp, string][] = [
  [
    /\btranslat|\bhow do you say\b|\bin (?:french|german|spanish|italian|chinese|japanese|portuguese|russian|arabic|hindi|english)\b/i,
    'I cannot translate: I know no languages, only rules about a few English questions.',
  ],
  [
    /\b(?:write|draft|compose)\b.*\b(?:poem|essay|story|letter|e-?mail|song|article|blog|speech|novel|haiku|limerick|post)\b/i,
    'I cannot write texts: I have no language of my own, only prepared answers.',
  ],
  [
    /\b(?:write|implement|create|fix|debug|refactor)\b.*\b(?:code|function|program|script|class|app|regex|query|bug|component|test)\b/i,
    'I cannot write or repair programs. I can show a prepared sample (“show me a code sample in Python”), so that you see how code looks here.',
  ],
  [/\b(?:draw|paint|generate|create)\b.*\b(?:image|picture|photo|drawing|logo)\b/i, 'I cannot make pictures.'],
  [
    /\b(?:weather|news|stock|price of|exchange rate|score|latest)\b/i,
    'I have no view of the world outside this server: no news, no weather, no prices.',
  ],
  [/\bjoke\b|\bfunny\b/i, 'I have no jokes, only rules.'],
]

const imperative =
  /^\W*(?:please\s+|can you\s+|could you\s+|i want you to\s+)*(?:write|draft|compose|implement|create|generate|fix|debug|refactor|translate|draw|paint|tell)\b/i

/** Tasks that only a model can do, before a word of theirs is taken for a question about Parley. */
export const declineTasks: Skill = (asked) => {
  const isTask = imperative.test(asked.question) && beyond.some(([pattern]) => pattern.test(asked.question))
  return isTask ? cannotDo(asked) : undefined
}

/** What is said when no rule fits: what this is, why not, and what to do for an answer. If the conversation holds something about it, that too. */
export function cannotDo({ question, said }: Question): string {
  const reason =
    beyond.find(([pattern]) => pattern.test(question))?.[1] ??
    'I do not know that. I am the offline assistant of Parley and follow rules; I am not a language model.'
  const earlier = said
    .slice(0, -1)
    .flatMap(({ text }) => (keywordsOf(question).length >= 2 ? mentionsOf(text, question, 1) : []))
    .slice(0, 2)
  const mention = earlier.length > 0 ? `\n\nEarlier in this conversation stands:\n\n${earlier.map((one) => quoted(one)).join('\n\n')}` : ''
  return `${reason}${mention}

For an answer to this, use a model: add a connection to a provider, or to Ollama on this machine, under **Settings → Connections**, then choose one of its models at the box where you write and press *try again* on this message.

What I can do: answer questions about Parley, calculate, work with dates, and find, count or list things in this conversation. \`help\` shows the topics.`
}
