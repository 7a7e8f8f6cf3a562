import { testEmbedded } from '../../../../test/support/postgres.ts'
import { testDatabaseBehaviour } from './database-behaviour.ts'

testDatabaseBehaviour('embedded', () => testEmbedded())
