import { expect, test } from 'vitest'
import { maxMessageLength as accepted } from '../../../contract/turns.ts'
import { maxMessageLength } from './limits.ts'

test('the composer knows how much the server takes', () => expect(maxMessageLength).toBe(accepted))
