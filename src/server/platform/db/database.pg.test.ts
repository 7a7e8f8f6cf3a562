import { openTestPostgres } from '../../../../test/support/postgres.ts'
import { testDatabaseBehaviour } from './database-behaviour.ts'

testDatabaseBehaviour('PostgreSQL', () => openTestPostgres())
