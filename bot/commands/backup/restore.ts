import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accountName } from '../../../retrieval/base/account.ts'
import { fail, helped, usage } from '../../../retrieval/base/command.ts'
import { makeFolder } from '../../../retrieval/base/folder.ts'
import { silentLog } from '../../../retrieval/base/log.ts'
import { placeOf } from '../../../retrieval/settings.ts'
import { checkBackup, migrationsOf, restoreBackup } from '../../../retrieval/store/backup/restore.ts'
import type { HomeFile } from '../../../retrieval/store/backup/write.ts'
import { openDatabase } from '../../../retrieval/store/database.ts'
import { parkSettings, readEnv } from '../../open.ts'
import { recordAudit } from '../../records/audit.ts'

const how = 'npm run restore -- FILE'

/** Restores a backup into an empty database: the embedded one, or the server of DATABASE_URL, wherever it was written. */
async function run(): Promise<void> {
  helped(how)
  const [file, ...more] = process.argv.slice(2)
  if (file === undefined || more.length > 0 || file.startsWith('-'))
    throw usage('要写一个备份文件 · Restore needs one file to read.', how)
  const settings = parkSettings(readEnv())
  const backup = await checkBackup(file)
  const database = await openDatabase({
    ...placeOf(settings),
    holder: 'npm run restore',
    exclusive: true,
    migrations: migrationsOf(backup),
    log: silentLog,
  })
  try {
    const restored = await restoreBackup(database.pool, backup)
    const kept = keep(backup.files, settings.YUANQIAO_HOME)
    await recordAudit(database.pool, {
      actor: `os:${accountName()}`,
      action: 'restored',
      about: 'backup',
      detail: { at: backup.header.at },
    })
    const { document = 0, conversation = 0, ticket = 0 } = restored
    process.stdout.write(
      `已恢复 restored: ${backup.header.at}\n文件 documents ${document} · 会话 conversations ${conversation} · 工单 tickets ${ticket}\n${kept}`,
    )
  } finally {
    await database.close()
  }
}

/** Puts the park's files back; existing ones stay. @returns a line for each that stayed */
function keep(files: readonly HomeFile[], home: string): string {
  makeFolder(home)
  const there = files.filter(({ name }) => existsSync(join(home, name)))
  for (const { name, bytes } of files)
    if (!existsSync(join(home, name))) writeFileSync(join(home, name), bytes, { mode: 0o600, flag: 'wx' })
  return there.map(({ name }) => `保留现有 kept as it was: ${join(home, name)}\n`).join('')
}

await run().then(() => process.exit(0), fail)
