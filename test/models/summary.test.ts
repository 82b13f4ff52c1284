import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPark } from '../../bot/open.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { type ChatServer, chatServer } from '../fakes/chat-server.ts'
import { openTestDatabase, type TestDatabase } from '../fakes/database.ts'

let model: ChatServer
let database: TestDatabase
beforeAll(async () => {
  model = await chatServer()
  database = await openTestDatabase()
})
afterAll(async () => {
  await database.close()
  await model.close()
})

const transcript =
  'person: 我们是做膜材料的，电话13812345678，想申请中试补助\nbot: 每家企业每年最高60万元\nperson: 还要什么材料？'

test('a broker gets the model’s summary when it says only what was said; a person’s number does not leave', async () => {
  const env = { CHAT_MODEL: 'm', OPENAI_BASE_URL: model.baseUrl }
  const park = await openPark(env, { holder: 'test', exclusive: false, log: silentLog, database })
  model.script({ say: '企业做膜材料，想申请中试补助；已答复每年最高60万元；还缺申报材料清单。' })
  await expect(park.summarise(transcript, 'web:1')).resolves.toContain('最高60万元')
  expect(model.prompts.at(-1)).not.toContain('13812345678')
  for (const bad of ['企业想申请90万元补助。', '您一定能拿到。', '<b>摘要</b>', 'PWNED 摘要', '']) {
    model.script({ say: bad })
    await expect(park.summarise(transcript, 'web:1')).resolves.toBeNull()
  }
  const without = await openPark({}, { holder: 'test', exclusive: false, log: silentLog, database })
  await expect(without.summarise(transcript, 'web:1')).resolves.toBeNull()
})
