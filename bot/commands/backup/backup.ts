import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { accountName } from '../../../retrieval/base/account.ts'
import { fail, helped, usage } from '../../../retrieval/base/command.ts'
import { codeOf } from '../../../retrieval/base/errors.ts'
import { silentLog } from '../../../retrieval/base/log.ts'
import { placeOf } from '../../../retrieval/settings.ts'
import { type HomeFile, writeBackup } from '../../../retrieval/store/backup/write.ts'
import { openDatabase } from '../../../retrieval/store/database.ts'
import { clockOf } from '../../config.ts'
import { secretFile } from '../../desk/secret.ts'
import { holidayFile } from '../../handoff/duty/holidays.ts'
import { parkSettings, readEnv } from '../../open.ts'
import { recordAudit } from '../../records/audit.ts'

const how = 'npm run backup -- FILE'
/** The park's files beside its database, as far as they exist. */
const homeFiles = [secretFile, holidayFile]

/** Writes everything of one moment to one file, from which `npm run restore -- FILE` makes a park on any machine. */
async function run(): Promise<void> {
  helped(how)
  const [file, ...more] = process.argv.slice(2)
  if (file === undefined || more.length > 0 || file.startsWith('-'))
    throw usage('要写一个文件，备份写到那里 · Backup needs one file to write.', how)
  const settings = parkSettings(readEnv())
  const database = await openDatabase({
    ...placeOf(settings),
    holder: 'npm run backup',
    exclusive: false,
    log: silentLog,
  })
  try {
    const now = clockOf(settings, settings.YUANQIAO_CLOCK)()
    const written = await writeBackup(database.pool, file, filesOf(settings.YUANQIAO_HOME), now)
    await recordAudit(database.pool, {
      actor: `os:${accountName()}`,
      action: 'exported',
      about: 'backup',
      detail: { rows: written.rows },
    })
    const { document = 0, conversation = 0, ticket = 0 } = written.tables
    process.stdout.write(
      `已备份 backed up: ${file}\n文件 documents ${document} · 会话 conversations ${conversation} · 工单 tickets ${ticket} · 全部行 rows ${written.rows}\n`,
    )
  } finally {
    await database.close()
  }
}

function filesOf(home: string): HomeFile[] {
  return homeFiles.flatMap((name) => {
    try {
      return [{ name, bytes: readFileSync(join(home, name)) }]
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return []
      throw error
    }
  })
}

await run().then(() => process.exit(0), fail)
