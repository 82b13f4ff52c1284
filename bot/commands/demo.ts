import { loadDemo, removeDemo } from '../../ingest/demo.ts'
import { fail, helped, usage } from '../../retrieval/base/command.ts'
import { jsonLog, silentLog } from '../../retrieval/base/log.ts'
import { openPark, readEnv } from '../open.ts'
import { syncPeople } from './seed.ts'

const how = 'npm run demo -- load | remove'

/** Loads or removes the fictional park. */
async function run(): Promise<void> {
  helped(how)
  const [command] = process.argv.slice(2)
  if (command !== 'load' && command !== 'remove') throw usage('要写 load 或 remove · Demo needs load or remove.', how)
  const park = await openPark(readEnv(), { holder: `npm run demo -- ${command}`, exclusive: false, log: silentLog })
  try {
    const needs = { library: park.library, log: jsonLog(), clock: park.clock }
    const documents = command === 'load' ? await loadDemo({ ...needs, onlyWhenEmpty: false }) : await removeDemo(needs)
    await syncPeople(park)
    process.stdout.write(`${command === 'load' ? '已载入 loaded' : '已移除 removed'}: ${documents}\n`)
  } finally {
    await park.close()
  }
}

await run().then(() => process.exit(0), fail)
