/** Takes and releases a lock many times; half of the times as if it had been killed. Used by lock.test.ts: lock-racer.ts <home> <rounds> */
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { takeLock } from '../../retrieval/store/embedded/lock.ts'

const [, , home = '', rounds = '0'] = process.argv
/** Above every pid Linux assigns. */
const nobody = 4_194_303
let won = 0
for (let round = 0; round < Number(rounds); ) {
  const taken = await takeLock(home, { holder: `racer ${process.pid}`, socket: '' })
  if ('holder' in taken) continue
  closeSync(openSync(join(home, 'inside'), 'wx')) // fails when another one is inside
  won += 1
  round += 1
  await new Promise((go) => setImmediate(go))
  rmSync(join(home, 'inside'))
  if (round % 2 === 0) taken.lock.release()
  else {
    const dead = join(home, `dead.${process.pid}`)
    writeFileSync(
      dead,
      JSON.stringify({ pid: nobody, started: '1', holder: 'dead', since: '', socket: '', id: `${process.pid}.${round}` }),
    )
    renameSync(dead, join(home, 'lock'))
  }
}
process.stdout.write(`${won}\n`)
