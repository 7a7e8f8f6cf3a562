import { testMaintenance } from './maintenance-behaviour.ts'

testMaintenance('embedded')
