import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider'
import { describe, expect, test } from 'vitest'
import { createOfflineModel } from './offline-model.ts'

/** A Sunday. */
const now = () => new Date('2026-11-22T22:30:00Z')
const model = createOfflineModel({ now, wordDelayMs: 0 })

const calculate = tool('calculate', { expression: 'string' })
const fetchPage = tool('fetch_page', { url: 'string' })
const remember = tool('remember', { text: 'string', times: 'integer' })

function tool(name: string, properties: Record<string, 'string' | 'integer'>): LanguageModelV4FunctionTool {
  const schema = Object.fromEntries(Object.entries(properties).map(([key, type]) => [key, { type }]))
  return { type: 'function', name, inputSchema: { type: 'object', properties: schema, required: Object.keys(properties) } }
}

/** Turns of a person and answers, in turn; the last one is the question. */
function talk(...texts: string[]): LanguageModelV4Prompt {
  return texts.map((text, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: [{ type: 'text', text }] }))
}

async function ask(prompt: string | LanguageModelV4Prompt, options: Partial<LanguageModelV4CallOptions> = {}) {
  const result = await model.doGenerate({ prompt: typeof prompt === 'string' ? talk(prompt) : prompt, ...options })
  return {
    ...result,
    text: result.content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    calls: result.content.flatMap((part) => (part.type === 'tool-call' ? [[part.toolName, JSON.parse(part.input)]] : [])),
  }
}

test.each([
  // Arithmetic
  ['What is 12 * 7?', '12 × 7 = **84**'],
  ["what's 15% of 80", '15% of 80 = **12**'],
  ['Calculate (3 + 4)^2', '(3 + 4)^2 = **49**'],
  ['How much is 1,200 divided by 7?', '(exactly 1200/7)'],
  ['What is the square root of 144?', '√144 = **12**'],
  ['please compute 2 to the power of 10', '**1024**'],
  ['12 x 12', '12 × 12 = **144**'],
  ['0.1 + 0.2 =', '**0.3**'],
  ['what is 2+2 and 3*3?', '- 2+2 = **4**\n- 3×3 = **9**'],
  ['10 / 0', 'Division by zero has no result.'],
  // Dates
  ["What's today's date?", 'Today is **Sunday, 22 November 2026** (UTC).'],
  ['what day is it', 'Today is **Sunday, 22 November 2026** (UTC).'],
  ['What time is it?', 'It is **22:30** (UTC)'],
  ['What weekday was 2024-02-29?', '29 February 2024 was a **Thursday**.'],
  ['what day of the week is 4 July 2027', '4 July 2027 is a **Sunday**.'],
  ['How many days between 2026-01-01 and 2026-12-31?', '**364 days**, which is 52 weeks'],
  ['how many days until Christmas?', '**33 days**'],
  ['How many weeks from March 1, 2027 to March 15, 2027?', '**14 days**, which is 2 weeks'],
  ['45 days after 2026-01-31', '**Tuesday, 17 March 2026** (counted from Saturday, 31 January 2026).'],
  ['what date is one month from 2027-01-31', '**Sunday, 28 February 2027**'],
  ['What is today + 30 days?', '**Tuesday, 22 December 2026**'],
  ['in 3 weeks what date is it', '**Sunday, 13 December 2026**'],
  ['what date was 10 days ago', '**Thursday, 12 November 2026**'],
  ['What date is next Friday?', '**Friday, 27 November 2026**'],
  ['Is 2100 a leap year?', '**No**, 2100 is not a leap year: it can be divided by 100 but not by 400.'],
  ['is 2028 a leap year', '**Yes**'],
  ['what weekday is 03/04/2027', 'I read the month first'],
  // Itself
  ['hello', 'offline assistant'],
  ['Who are you?', 'I am not a large language model'],
  ['Are you ChatGPT?', 'I am not a large language model'],
  ['Which model are you?', 'Parley offline'],
  ['thank you so much!', 'You are welcome.'],
  ['help', 'Topics about Parley'],
  ['What can you do?', 'Topics about Parley'],
  // Help
  ['How do I add an OpenAI key?', '**Connect a provider**'],
  ['how can I connect Claude', '**Connect a provider**'],
  ['where do I put my API key for Gemini?', '**Connect a provider**'],
  ['Can I use this with Ollama?', '**Ollama and local models**'],
  ['What are the keyboard shortcuts?', '**Keyboard shortcuts**'],
  ['how do I back up the server?', '**Back up and restore**'],
  ['How do I use the API from Python?', '**API keys and the OpenAI-compatible API**'],
  ['how do I change my password', '**Password, sign-in and sessions**'],
  ['can I switch to dark mode?', '**Theme and appearance**'],
  ['How do I invite my colleagues?', '**People, invitations and roles**'],
  ['how do I stop an answer', '**Stop, follow up'],
  ['which key pays for this', '**Which key pays**'],
  ['where is my data stored?', '**Where data is kept, and privacy**'],
  ['how do I use PostgreSQL', '**PostgreSQL instead'],
  ['what does EGRESS_ALLOW do?', '**Private addresses and EGRESS_ALLOW**'],
  ['How much does it cost, is there a budget?', '**Cost, usage and budgets**'],
  ['how do I delete a conversation?', '**Find, rename and delete conversations**'],
  ['How do I regenerate an answer?', '**Edit, try again and branches**'],
  ['what is the websocket for', '**Parley API, events and WebSocket**'],
  ['change the port', '**Settings of the server**'],
  // Texts
  ['How many words are in "the quick brown fox"?', '**4 words**'],
  ['uppercase: hello there', 'HELLO THERE'],
  ['reverse "abc"', 'cba'],
  ['sort: pear, apple, fig', 'apple, fig, pear'],
  ['Repeat after me: one two', 'one two'],
  ["how many r's are in strawberry?", 'the letter r **3 times**'],
  ['count to 12', '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12'],
  // Samples
  ['Show me a Markdown demo', '| Shape | Corners | Area |'],
  ['show me a code sample in Python', '```python'],
  ['give me an example of SQL code', '```sql'],
  // What it cannot
  ['Translate hello to French', 'I cannot translate'],
  ['Write a poem about spring', 'I cannot write texts'],
  ['Write a function that sorts a list', 'I cannot write or repair programs'],
  ['What is the capital of France?', 'I do not know that'],
  ['why is the sky blue?', 'I do not know that'],
  ['What will the weather be tomorrow?', 'no weather'],
  ['I was born 20 years ago in Paris, what do you think?', 'I do not know that'],
  ['', 'no text that I can read'],
])('%s', async (question, expected) => {
  expect((await ask(question)).text).toContain(expected)
})

test('where it does not know, it says how to get an answer', async () => {
  for (const question of ['What is the capital of France?', 'Translate hello to French', 'Draw me a picture of a cat']) {
    expect((await ask(question)).text).toContain('Settings → Connections')
  }
})

test("the person's time zone is taken from the system prompt", async () => {
  const inZone = (zone: string) => ask([{ role: 'system', content: `Time zone: ${zone}` }, ...talk('what time is it and what day?')])
  expect((await inZone('Asia/Tokyo')).text).toContain('**07:30** (in Asia/Tokyo) on Monday, 23 November 2026')
  expect((await inZone('Nowhere/Land')).text).toContain('**22:30** (UTC)')
})

describe('the conversation', () => {
  const before = [
    'My dog Rex is a beagle. He is afraid of thunder. What can I do?',
    'I do not know that.',
    'The vet suggested a thunder vest. Where is Graz?',
    'I do not know that.',
  ]
  const about = async (question: string) => (await ask(talk(...before, question))).text

  test('is summarised by its own sentences', async () => {
    const text = await about('Please summarise our conversation')
    expect(text).toContain('I cannot write a summary in words of my own')
    expect(text).toContain('**You:**')
  })

  test('is searched for what was mentioned', async () => {
    expect(await about('What did I say about the vet?')).toContain('> The vet suggested a thunder vest.')
    expect(await about('find the sentence that mentions "afraid"')).toContain('> He is afraid of thunder.')
    expect(await about('Did I mention a cat?')).toContain('Nothing before this message mentions “a cat”.')
  })

  test('its questions are listed, its messages found by position', async () => {
    expect(await about('list my questions')).toContain('1. What can I do?\n2. Where is Graz?')
    expect(await about('what was my first message?')).toContain('> My dog Rex is a beagle.')
    expect(await about('What was my last question?')).toContain('The vet suggested')
    expect(await about('Repeat your last answer')).toBe('I do not know that.')
  })

  test('its words are counted', async () => {
    expect(await about('How many words are in this conversation?')).toContain('conversation has **34 words**')
    expect(await about('how many messages have we exchanged so far?')).toContain('**4 messages** (2 of yours)')
  })

  test('it gets a title from its first words', async () => {
    expect(await about('Write a short title for this conversation')).toBe('My dog Rex is a beagle')
  })

  test('what stands in it helps where nothing else does', async () => {
    expect(await about('Is the thunder vest good?')).toContain('> The vet suggested a thunder vest.')
  })
})

test('a long text is summarised by the sentences that carry most of it', async () => {
  const text = `Bees are vital for farming. A hive of bees can hold fifty thousand bees. Farming depends on bees to pollinate crops. My uncle wore a green hat.
    Without bees, farming of almonds would end. The train was late on Tuesday. Crops such as almonds need bees every spring.`
  const answer = (await ask(`Summarise this text:\n${text}`)).text
  expect(answer).toContain('bees')
  expect(answer).not.toContain('green hat')
  expect(answer).not.toContain('Tuesday')
})

describe('tools', () => {
  test('a sum calls the calculator, each address the page tool, all at once', async () => {
    const { calls, finishReason, text } = await ask('What is 2+2 and 3*3?', { tools: [fetchPage, calculate] })
    expect(calls).toEqual([
      ['calculate', { expression: '2+2' }],
      ['calculate', { expression: '3*3' }],
    ])
    expect(finishReason.unified).toBe('tool-calls')
    expect(text).toBe('')
    const pages = await ask('Compare https://a.example/x?y=1 and (https://b.example), please.', { tools: [calculate, fetchPage] })
    expect(pages.calls).toEqual([
      ['fetch_page', { url: 'https://a.example/x?y=1' }],
      ['fetch_page', { url: 'https://b.example' }],
    ])
  })

  test('a tool that is named is called, with what the message gives it', async () => {
    expect((await ask('Use remember with {"text": "milk", "times": 2}', { tools: [remember] })).calls).toEqual([
      ['remember', { text: 'milk', times: 2 }],
    ])
    expect((await ask('call the remember tool 3 times with "bread"', { tools: [remember] })).calls).toEqual([
      ['remember', { text: 'bread', times: 3 }],
    ])
    expect((await ask('I remember my dog', { tools: [remember] })).calls).toEqual([])
  })

  test('what is asked of it about tools is followed', async () => {
    expect((await ask('2+2', { tools: [calculate], toolChoice: { type: 'none' } })).text).toContain('**4**')
    expect((await ask('hello', { tools: [remember, calculate], toolChoice: { type: 'required' } })).calls).toHaveLength(1)
    expect((await ask('hello', { tools: [remember, calculate], toolChoice: { type: 'tool', toolName: 'calculate' } })).calls[0]?.[0]).toBe(
      'calculate',
    )
  })

  function afterTool(
    question: string,
    toolName: string,
    input: unknown,
    output: { type: 'text'; value: string } | { type: 'execution-denied' } | { type: 'error-text'; value: string },
  ) {
    const prompt: LanguageModelV4Prompt = [
      ...talk(question),
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: '1', toolName, input }] },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: '1', toolName, output }] },
    ]
    return ask(prompt, { tools: [calculate, fetchPage, remember] })
  }

  test('their results become the answer', async () => {
    expect((await afterTool('2*21?', 'calculate', { expression: '2*21' }, { type: 'text', value: '42' })).text).toBe('2×21 = **42**')
    const page = 'The museum opens at nine. Tickets cost ten euros. The café sells cake. Dogs may not enter.'
    const asked = await afterTool(
      'What do tickets cost? https://m.example',
      'fetch_page',
      { url: 'https://m.example' },
      { type: 'text', value: page },
    )
    expect(asked.text).toContain('> Tickets cost ten euros.')
    expect(asked.text).not.toContain('cake')
    expect((await afterTool('use remember: x', 'remember', {}, { type: 'text', value: 'done' })).text).toContain('done')
  })

  test('a denial and a failure are told as such, and a sum is then worked out without the tool', async () => {
    const denied = await afterTool(
      'read https://a.example',
      'fetch_page',
      {},
      { type: 'error-text', value: 'The user did not allow this tool.' },
    )
    expect(denied.text).toBe('`fetch_page` was not allowed, so I have nothing from it.')
    const broken = await afterTool('read https://a.example', 'fetch_page', {}, { type: 'error-text', value: 'status 500.' })
    expect(broken.text).toBe('`fetch_page` did not work: status 500.')
    const sum = await afterTool('2*21?', 'calculate', { expression: '2*21' }, { type: 'execution-denied' })
    expect(sum.text).toBe('`calculate` was not allowed. I worked it out myself: 2×21 = **42**')
  })

  test('what a page tool adds for models is left out', async () => {
    const page = 'Source: https://m.example\n\nThe museum opens at nine.\n\n[500 characters follow; call again with offset 20]'
    const { text } = await afterTool('Read https://m.example', 'fetch_page', { url: 'https://m.example' }, { type: 'text', value: page })
    expect(text).toBe('This stands on https://m.example:\n\n> The museum opens at nine.')
  })

  test('results of an earlier question are not used again', async () => {
    const prompt: LanguageModelV4Prompt = [
      ...talk('2*21?'),
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: '1', toolName: 'calculate', input: {} }] },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: '1', toolName: 'calculate', output: { type: 'text', value: '42' } }] },
      { role: 'assistant', content: [{ type: 'text', text: '42' }] },
      { role: 'user', content: [{ type: 'text', text: 'hello' }] },
    ]
    expect((await ask(prompt, { tools: [calculate] })).text).toContain('offline assistant')
  })
})

describe('the stream', () => {
  async function parts(prompt: string, options: Partial<LanguageModelV4CallOptions> = {}, from = model) {
    const { stream } = await from.doStream({ prompt: talk(prompt), ...options })
    const all: LanguageModelV4StreamPart[] = []
    for await (const part of stream as unknown as AsyncIterable<LanguageModelV4StreamPart>) all.push(part)
    return all
  }

  test('comes word by word and is the whole answer', async () => {
    const all = await parts('help')
    expect(all.map((part) => part.type).filter((type, index, types) => type !== types[index - 1])).toEqual([
      'stream-start',
      'text-start',
      'text-delta',
      'text-end',
      'finish',
    ])
    const text = all.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('')
    expect(text).toBe((await ask('help')).text)
    expect(all.filter((part) => part.type === 'text-delta').length).toBeGreaterThan(100)
  })

  test('counts tokens, and tells calls like every model', async () => {
    const all = await parts('2+2', { tools: [calculate] })
    expect(all.map((part) => part.type)).toEqual([
      'stream-start',
      'tool-input-start',
      'tool-input-delta',
      'tool-input-end',
      'tool-call',
      'finish',
    ])
    const finish = all.at(-1)
    expect(finish?.type === 'finish' && finish.usage.inputTokens.total).toBeGreaterThan(0)
    expect(finish?.type === 'finish' && finish.usage.outputTokens.total).toBeGreaterThan(0)
  })

  test('stops where it is when aborted, also while it waits for the next word', async () => {
    const slow = createOfflineModel({ now, wordDelayMs: 60_000 })
    const stop = new AbortController()
    const { stream } = await slow.doStream({ prompt: talk('help'), abortSignal: stop.signal })
    const reader = stream.getReader()
    await reader.read()
    await reader.read()
    const waiting = reader.read()
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    await expect(model.doStream({ prompt: talk('help'), abortSignal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('takes about as long as somebody reads', async () => {
    const startedAt = performance.now()
    await parts('count to 20', {}, createOfflineModel({ now, wordDelayMs: 5 }))
    expect(performance.now() - startedAt).toBeGreaterThan(90)
  })

  test('ends at a stop sequence and at the limit of tokens', async () => {
    expect((await ask('count to 12', { stopSequences: ['5,'] })).text).toBe('1, 2, 3, 4, ')
    const cut = await ask('help', { maxOutputTokens: 10 })
    expect(cut.text.length).toBe(40)
    expect(cut.finishReason.unified).toBe('length')
  })
})

test('the same conversation always gets the same answer', async () => {
  for (const question of ['help', 'hello', 'What is the capital of France?', '7 * 6']) {
    expect((await ask(question)).text).toBe((await ask(question)).text)
  }
})

test('an answer that broke off goes on where it stopped', async () => {
  const whole = (await ask('help')).text
  const partial = whole.slice(0, 333)
  const request = 'Your answer above was interrupted. Continue exactly where it stopped, in the same language and format.'
  const prompt: LanguageModelV4Prompt = [
    ...talk('hello', 'Hello.', 'help'),
    { role: 'assistant', content: [{ type: 'text', text: partial }] },
  ]
  expect((await ask([...prompt, ...talk(request)])).text).toBe(whole.slice(333))
  expect((await ask(prompt)).text).toBe(whole.slice(333))
})

test('no text makes it slow or fail', async () => {
  const texts = [
    '(',
    '['.repeat(5000),
    'a '.repeat(20_000),
    '1+'.repeat(150),
    '```'.repeat(100),
    'find '.repeat(70),
    `what is ${'9'.repeat(290)}`,
    '\u0000\uD800',
    '9^9^9^9',
  ]
  for (const text of texts) {
    const startedAt = performance.now()
    expect((await ask(text, { tools: [calculate, fetchPage] })).finishReason).toBeDefined()
    expect(performance.now() - startedAt).toBeLessThan(200)
  }
})
