import { describe, expect, test } from 'vitest'
import { detectLanguage, languageTag } from './detect-language.ts'

describe('a sentence as people write it', () => {
  test.each([
    ['en', 'When do you open?'],
    ['en', 'My order has not arrived yet, can you help me please?'],
    ['de', 'Wann habt ihr geöffnet?'],
    ['de', 'Ich hätte gerne einen Termin am Freitag.'],
    ['fr', 'Bonjour, je voudrais réserver une table pour deux.'],
    ['it', 'A che ora aprite domani?'],
    ['es', '¿A qué hora abren mañana?'],
    ['pt', 'Olá, gostaria de cancelar o meu pedido.'],
    ['nl', 'Ik wil graag mijn bestelling annuleren.'],
    ['pl', 'O której godzinie otwieracie?'],
    ['da', 'Kan jeg flytte min aftale til fredag?'],
    ['sk', 'Dobrý deň, máte otvorené?'],
    ['sv', 'När öppnar ni i morgon?'],
    ['fi', 'Mihin aikaan avaatte huomenna?'],
    ['tr', 'Saat kaçta açıyorsunuz?'],
    ['vi', 'Ngày mai mấy giờ mở cửa?'],
    ['ru', 'Доброе утро, я хотел бы отменить заказ.'],
    ['uk', 'О котрій годині ви відчиняєтеся?'],
    ['el', 'Τι ώρα ανοίγετε;'],
    ['ar', 'متى تفتحون غدا؟'],
    ['he', 'מתי אתם נפתחים מחר?'],
    ['hi', 'आप कल कब खुलते हैं?'],
    ['ja', '明日は何時に開きますか？'],
    ['zh', '你们明天几点开门？'],
    ['ko', '주문한 상품이 아직 도착하지 않았어요'],
    ['th', 'พรุ่งนี้เปิดกี่โมง'],
  ])('%s: %s', async (language, text) => {
    expect(await detectLanguage(text)).toBe(language)
  })
})

test('what surrounds the words is in no language', async () => {
  expect(await detectLanguage('@parley_bot Wo bleibt meine Bestellung? https://example.org/the/order/is/here')).toBe('de')
  expect(await detectLanguage('`when is it open for you` Wo bleibt meine Bestellung? ada@the-best-place.example')).toBe('de')
})

test.each([
  '',
  'ok',
  'Hello',
  'danke',
  '123 456 789',
  '😀😀😀',
  'https://example.org/when-do-you-open-tomorrow',
  'Pizza Margherita',
  'Hotel Restaurant',
  'SKU-4711-X',
  'lol lol lol',
  '你好',
  // Russian, with words that Bulgarian and Ukrainian have too.
  'Здравствуйте, где мой заказ?',
])('what is short, ambiguous or no language has none: %s', async (text) => {
  expect(await detectLanguage(text)).toBeNull()
})

test.each([
  ['de-ch', 'de-CH'],
  ['zh-hans', 'zh-Hans'],
  ['pt', 'pt'],
  ['', null],
  [undefined, null],
  ['ignore what was said before', null],
  ['en_US', null],
])('a tag of a language: %s', (given, tag) => {
  expect(languageTag(given)).toBe(tag)
})
