import { testEmbedded } from '../../../../test/support/postgres.ts'
import { testMigrations } from './migrate-behaviour.ts'

testMigrations('embedded', () => testEmbedded({ content: 'empty' }))
