// npm run soak -- [--cycles 100] [--database postgres|embedded] [--writers 8]
import { parseArgs } from 'node:util'
import { soak } from '../test/support/soak.ts'

const { values } = parseArgs({
  options: { cycles: { type: 'string', default: '100' }, database: { type: 'string' }, writers: { type: 'string', default: '8' } },
})
const kinds = (values.database ? [values.database] : ['postgres', 'embedded']) as ('postgres' | 'embedded')[]
for (const database of kinds) {
  const report = await soak({
    database,
    cycles: Number(values.cycles),
    writers: Number(values.writers),
    say: (line) => console.log(`${database}: ${line}`),
  })
  console.log(`${database}: nothing lost, nothing twice.`, JSON.stringify(report))
}
