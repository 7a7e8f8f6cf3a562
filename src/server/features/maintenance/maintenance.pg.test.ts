import { testMaintenance } from './maintenance-behaviour.ts'

testMaintenance('postgres')
