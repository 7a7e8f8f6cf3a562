export { maintenanceJobs } from './jobs.ts'
export { makePartitions } from './keep-partitions.ts'
