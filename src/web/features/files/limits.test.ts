import { expect, test } from 'vitest'
import { maxAttachments as accepted } from '../../../contract/turns.ts'
import { maxAttachments } from './limits.ts'

test('the composer knows how many files a message takes', () => expect(maxAttachments).toBe(accepted))
