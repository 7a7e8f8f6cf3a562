import { testEmbedded } from '../../../../test/support/postgres.ts'
import { testJobs } from './jobs-behaviour.ts'

testJobs(() => testEmbedded())
