import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifiedAccounts } from '../../bot/control/verified.ts'
import type { Person } from '../../bot/handoff/people.ts'
import { openTestDesk, type TestDesk } from '../fakes/desk.ts'

/** Brokers who have no part in topics: the WeCom app's chat is their desk. */
let desk: TestDesk
let wang: Person
let li: Person

beforeAll(async () => {
  const directChat = (person: Person) => (person.wecom === null ? null : `wecom:${person.wecom}`)
  desk = await openTestDesk({ desk: null, directChat })
  wang = await desk.broker('王工', { wecom: 'wang', fields: ['脱氮'] })
  li = await desk.broker('李工', { wecom: 'li' })
})
afterAll(() => desk.close())

const from = (userid: string) => ({ from: { id: `wecom:${userid}`, name: userid } })
async function says(userid: string, text: string): Promise<string[]> {
  const chat = `wecom:${userid}`
  const before = (await desk.said(chat)).length
  await desk.write(chat, text, from(userid))
  await desk.settle()
  return (await desk.said(chat)).slice(before)
}
async function presses(userid: string, button: string): Promise<string[]> {
  const chat = `wecom:${userid}`
  const before = (await desk.said(chat)).length
  await desk.write(chat, '', { ...from(userid), kind: 'button', button })
  await desk.settle()
  return (await desk.said(chat)).slice(before)
}
async function handedOver(chat: string, words: string): Promise<string> {
  await desk.write(chat, words)
  await desk.settle()
  return (await desk.view.queue(wang)).find((each) => each.chat === chat)?.id ?? ''
}

/** Data of the last buttons a chat got. */
async function buttonsOf(chat: string): Promise<string[]> {
  const { rows } = await desk.database.pool.query<{ body: { buttons?: { data: string }[][] } }>(
    `select body from outbox where chat = $1 and body ? 'buttons' order by id desc limit 1`,
    [chat],
  )
  return (rows[0]?.body.buttons ?? []).flat().map((each) => each.data)
}
/** The labels of a ticket's cards that were settled in a chat. */
async function settles(chat: string, ticket: string): Promise<string[]> {
  const { rows } = await desk.database.pool.query<{ label: string }>(
    `select body->'settles'->>'label' as label from outbox where chat = $1 and body ? 'settles'
      and body->'blocks'->0->'spans'->>0 like '%' || $2 || '%' order by id`,
    [chat, `T${ticket} `],
  )
  return rows.map((row) => row.label)
}

test('a card to claim, words relayed both ways, closing with an outcome, all in the broker’s own chat', async () => {
  const id = await handedOver('wecom-kf:x', '有没有低温脱氮成果？')
  const card = (await desk.said('wecom:wang')).at(-1) ?? ''
  expect(card).toContain(`新的转交 T${id}`)
  expect(card).toContain('低温脱氮')
  expect((await presses('wang', `t:${id}:claim`)).join()).toContain(`王工 已接手 T${id}`)
  expect((await presses('li', `t:${id}:claim`)).join()).toContain(`T${id} 由王工负责`)

  await says('wang', '您好，请问水量多大？')
  expect((await desk.said('wecom-kf:x')).at(-1)).toBe('【人工 · 王工】\n您好，请问水量多大？')
  await desk.write('wecom-kf:x', '每天两百吨')
  await desk.settle()
  expect((await desk.said('wecom:wang')).at(-1)).toBe(`T${id}\n企业：每天两百吨`)
  await says('wang', '/note 水量不大')
  for (const slip of [
    '／note 甲乙丙一',
    '/Note 甲乙丙二',
    '/ note 甲乙丙三',
    `T${id}/note 甲乙丙四`,
    `T${id}、note 甲乙丙五`,
    `T${id} 、备注 甲乙丙六`,
    '/notes 甲乙丙七',
    '/甲乙丙八',
  ])
    await says('wang', slip)
  await desk.write('wecom:wang', '/note 甲乙丙九', { ...from('wang'), file: { name: '报价.docx', size: 3, ref: 'r' } })
  await desk.settle()
  expect((await desk.said('wecom-kf:x')).join()).not.toMatch(/水量不大|甲乙丙/)
  expect((await says('wang', '/transfre 李工')).join()).toContain('以 / 开头的只能是命令')
  const notes = await desk.database.pool.query(
    `select m.text from message m join conversation c on c.id = m.conversation where c.chat = 'wecom-kf:x' and m.author = 'note' order by m.id`,
  )
  expect(notes.rows.map(({ text }) => text)).toEqual(['水量不大', ...[...'一二三四五六九'].map((n) => `甲乙丙${n}`)])

  expect((await presses('wang', `t:${id}:close`)).join()).toContain('已结束')
  await presses('wang', `t:${id}:record:introduced`)
  const { rows } = await desk.database.pool.query('select state, outcome, owner::text from ticket where id = $1', [id])
  expect(rows).toEqual([{ state: 'closed', outcome: 'introduced', owner: wang.id }])
})

test('a command of somebody who holds nothing is no question to the bot; what came of the last case can still be said', async () => {
  const id = await handedOver('wecom-kf:o', '有没有检测平台？')
  expect((await says('wang', '/note 别忘了回电')).join()).toContain('您手上没有在办的转交')
  expect((await says('wang', `T${id} /claim`)).join()).toContain('王工 已接手')
  await says('wang', '/close')
  await says('wang', '/outcome answered')
  const { rows } = await desk.database.pool.query('select state, outcome from ticket where id = $1', [id])
  expect(rows).toEqual([{ state: 'closed', outcome: 'answered' }])
})

test('whoever holds two says which; a button of somebody else does nothing', async () => {
  const one = await handedOver('wecom-kf:y', '第一家企业要找中试平台')
  const two = await handedOver('wecom-kf:z', '第二家企业要找检测服务')
  await presses('wang', `t:${one}:claim`)
  await presses('wang', `t:${two}:claim`)
  expect((await says('wang', '您好')).join()).toContain(`T${one}、T${two}`)
  await says('wang', `T${two} 检测服务有三家`)
  expect((await desk.said('wecom-kf:z')).at(-1)).toContain('检测服务有三家')
  expect((await desk.said('wecom-kf:y')).join()).not.toContain('检测服务有三家')
  await desk.write('wecom:nobody', '', { ...from('nobody'), kind: 'button', button: `t:${one}:close` })
  await desk.settle()
  expect((await desk.view.mine(wang)).map((each) => each.id)).toEqual([one, two])
  await presses('wang', `t:${one}:close`)
  await presses('wang', `t:${two}:return`)
  await presses('li', `t:${two}:claim`)
  await presses('li', `t:${two}:close`)
})

test('a word takes a broker off duty and on again', async () => {
  expect((await says('li', '下班')).join()).toContain('已离线')
  const cards = (await desk.said('wecom:li')).length
  const id = await handedOver('wecom-kf:w', '有没有膜材料成果？')
  expect((await desk.said('wecom:li')).length).toBe(cards)
  expect((await says('li', '/on')).join()).toContain('已上线')
  await presses('li', `t:${id}:claim`)
  expect((await desk.view.mine(li)).map((each) => each.id)).toEqual([id])
})

test('transfer by card: colleagues by name, whoever gets it reads everything, a card that is too late leads nowhere', async () => {
  const id = await handedOver('wecom-kf:v', '有没有气凝胶保温成果？')
  await presses('wang', `t:${id}:claim`)
  await desk.write('wecom-kf:v', '要用在冷库里')
  await desk.settle()
  expect(await presses('li', `t:${id}:heirs`)).toEqual([expect.stringContaining('由王工负责')])
  expect((await presses('wang', `t:${id}:heirs`)).join()).toContain(`把 T${id}`)
  expect(await buttonsOf('wecom:wang')).toEqual([`t:${id}:give:${li.id}`, `t:${id}:keep`])
  expect((await presses('wang', `t:${id}:keep`)).join()).toContain('没有变动')
  expect(await buttonsOf('wecom:wang')).toEqual([`t:${id}:heirs`, `t:${id}:return`, `t:${id}:close`])

  const told = (await desk.said('wecom:li')).length
  expect((await presses('wang', `t:${id}:give:${li.id}`)).join()).toContain('转给了李工')
  const read = (await desk.said('wecom:li')).slice(told).join('\n')
  expect(read).toContain('企业： 要用在冷库里')
  expect(read).toContain('转给了李工')
  expect((await desk.view.mine(li)).map((each) => each.id)).toContain(id)
  expect((await presses('wang', `t:${id}:give:${wang.id}`)).join()).toContain('由李工负责')
  await says('wang', '我还在吗')
  expect((await desk.said('wecom-kf:v')).join()).not.toContain('我还在吗')
  expect((await says('li', `T${id} /transfer 王工`)).join()).toContain('转给了王工')
  expect((await desk.view.mine(wang)).map((each) => each.id)).toContain(id)
  await says('wang', '/close')
})

test('whoever has it is told to the others, once, under the card that leads nowhere; given back it is offered anew', async () => {
  const id = await handedOver('wecom-kf:u', '有没有固态电池成果？')
  const settled = (chat: string) => settles(chat, id)
  await presses('wang', `t:${id}:claim`)
  expect(await settled('wecom:li')).toEqual(['王工已接手'])
  expect((await desk.said('wecom:li')).at(-1)).toContain(`T${id} 已由王工接手`)
  expect(await settled('wecom:wang')).toEqual([])
  await presses('wang', `t:${id}:return`)
  expect((await desk.said('wecom:li')).at(-1)).toContain(`新的转交 T${id}`)
  expect(await buttonsOf('wecom:li')).toEqual([`t:${id}:claim`])
  await desk.write('wecom-kf:u', '/close')
  await desk.settle()
  expect(await settled('wecom:li')).toEqual(['王工已接手', '已结束'])
})

test('handed over while nobody is there: whoever comes first on duty gets the card then, not when the promise has slipped', async () => {
  await says('wang', '下班')
  await says('li', '下班')
  const id = await handedOver('wecom-kf:t', '有没有超导材料成果？')
  expect((await desk.said('wecom:li')).join('\n')).not.toContain(`新的转交 T${id}`)
  await says('li', '上班')
  expect((await desk.said('wecom:li')).at(-1)).toContain(`新的转交 T${id}`)
  await presses('li', `t:${id}:claim`)
  await says('li', '/close')
  await says('wang', '上班')
})

test('words for a case that is a colleague’s, closed, or nobody’s go to no other enterprise', async () => {
  const mine = await handedOver('wecom-kf:r', '第三家企业要找检测服务')
  const other = await handedOver('wecom-kf:s', '第四家企业要找中试平台')
  await presses('wang', `t:${mine}:claim`)
  await presses('li', `t:${other}:claim`)
  const before = (await desk.said('wecom-kf:r')).length
  expect((await says('wang', `T${other} 报价二十万`)).join()).toContain(`T${other} 由李工负责`)
  expect((await says('wang', 'T999999 报价二十万')).join()).toContain(`您手上有 T${mine}`)
  await says('li', '/close')
  expect((await says('wang', `T${other} 报价二十万`)).join()).toContain('已经结束')
  expect((await desk.said('wecom-kf:r')).length).toBe(before)
  expect((await desk.said('wecom-kf:s')).join()).not.toContain('报价二十万')
  await says('wang', '/close')
})

test('a number alone shows what can be done with that case and says nothing to anybody; capitals of a userid are no other person', async () => {
  const id = await handedOver('wecom-kf:q', '第五家企业要找孵化场地')
  await presses('WANG', `t:${id}:claim`)
  const before = (await desk.said('wecom-kf:q')).length
  await desk.write('wecom:Wang', ` T${id} `, from('Wang'))
  await desk.settle()
  expect((await desk.said('wecom:Wang')).at(-1)).toContain(`T${id} 没有变动`)
  expect((await desk.said('wecom-kf:q')).length).toBe(before)
  await desk.write('wecom:WANG', `T${id} 场地下周有`, from('WANG'))
  await desk.settle()
  expect((await desk.said('wecom-kf:q')).at(-1)).toBe('【人工 · 王工】\n场地下周有')
  await says('wang', `T${id} /close`)
})

test('an invitation binds the WeCom account that sends it, in the app or to the AI bot, once', async () => {
  const token = await desk.deps.people.invite((await desk.broker('新同事')).id)
  await desk.write('wecom-aibot:newbie', `/start inv_${token}`, { from: { id: 'wecom-aibot:newbie', name: null } })
  await desk.settle()
  expect((await desk.said('wecom-aibot:newbie')).at(-1)).toContain('新同事')
  expect(await desk.deps.people.byAccount('wecom:Newbie')).toMatchObject({ name: '新同事', wecom: 'newbie' })
  await desk.write('wecom:thief', `/start inv_${token}`, from('thief'))
  await desk.settle()
  expect(await desk.deps.people.byAccount('wecom:thief')).toBeNull()
})

test('whoever is registered, or reachable, after somebody has asked gets the cases that wait; a link opened with a colleague’s account stays good', async () => {
  await says('wang', '下班')
  await says('li', '下班')
  const id = await handedOver('wecom-kf:m', '有没有粘合剂成果？')
  const he = await desk.broker('何工', { wecom: 'he' })
  await desk.settle()
  expect((await desk.said('wecom:he')).join()).toContain(`新的转交 T${id}`)
  const lin = await desk.broker('林工')
  const token = await desk.deps.people.invite(lin.id)
  expect((await says('HE', `/start inv_${token}`)).join()).not.toContain('林工')
  expect((await desk.deps.people.byAccount('wecom:he'))?.id).toBe(he.id)
  await says('lin', `/start inv_${token}`)
  expect((await desk.said('wecom:lin')).join()).toContain(`新的转交 T${id}`)
  await expect(desk.broker('何工', { wecom: 'He' })).rejects.toMatchObject({ code: 'already_registered' })
  await expect(desk.broker('何工', { capacity: 1e12 })).rejects.not.toMatchObject({ code: 'already_registered' })
  await desk.write('wecom-kf:m', '/close')
  for (const each of [he, lin]) await desk.deps.people.remove(each.id, 'test')
  await says('wang', '上班')
  await says('li', '上班')
})

test('a closed case is taken up again by whoever had it, not by whoever tries its number', async () => {
  const id = await handedOver('wecom-kf:l', '有没有阻燃材料成果？')
  await presses('wang', `t:${id}:claim`)
  await says('wang', `T${id} /close`)
  expect((await says('li', `T${id} /reopen`)).join()).toContain('由王工负责')
  expect((await desk.view.mine(li)).map((each) => each.id)).not.toContain(id)
  await says('wang', `T${id} /reopen`)
  expect((await desk.view.mine(wang)).map((each) => each.id)).toContain(id)
  await says('wang', `T${id} /close`)
})

test('an enterprise that becomes known by its name is hidden from whoever must not have it, a lead too', async () => {
  const rival = await desk.broker('钱工', { wecom: 'qian', role: 'lead', conflicts: ['明泽环保'] })
  const id = await handedOver('wecom-kf:k', '有没有隔热成果？')
  expect((await desk.view.queue(rival)).map((each) => each.id)).toContain(id)
  await verifiedAccounts(desk.database.pool).verify('wecom-kf:k', '明泽环保有限公司', 'test')
  expect((await desk.view.queue(rival)).map((each) => each.id)).not.toContain(id)
  expect((await presses('qian', `t:${id}:heirs`)).join()).not.toContain('隔热')
  await desk.write('wecom-kf:k', '/close')
  await desk.settle()
  await desk.deps.people.remove(rival.id, 'test')
})

test('whoever gets a case a second time reads what was said since', async () => {
  const id = await handedOver('wecom-kf:p', '有没有密封材料成果？')
  await presses('wang', `t:${id}:claim`)
  await says('wang', `T${id} /transfer 李工`)
  await says('li', `T${id} /transfer 王工`)
  await desk.write('wecom-kf:p', '要耐低温')
  await desk.settle()
  const told = (await desk.said('wecom:li')).length
  await says('wang', `T${id} /transfer 李工`)
  expect((await desk.said('wecom:li')).slice(told).join('\n')).toContain('企业： 要耐低温')
  await says('li', `T${id} /close`)
})

test('given back after a first word, it is offered to whoever comes on duty', async () => {
  const id = await handedOver('wecom-kf:o', '有没有过滤材料成果？')
  await presses('wang', `t:${id}:claim`)
  await says('wang', `T${id} 请稍等，我请同事答复您`)
  await says('li', '下班')
  await presses('wang', `t:${id}:return`)
  const told = (await desk.said('wecom:li')).length
  await says('li', '上班')
  expect((await desk.said('wecom:li')).slice(told).join('\n')).toContain(`新的转交 T${id}`)
  await presses('li', `t:${id}:claim`)
  await says('li', `T${id} /close`)
})

test('in one breath: what is said after the case has ended is not read by whoever had it', async () => {
  const id = await handedOver('wecom-kf:n', '有没有轴承成果？')
  await presses('wang', `t:${id}:claim`)
  await desk.write('wecom:wang', `T${id} /close`, from('wang'))
  expect(await desk.worker()()).toBe(true) // the action waits in the lane of the enterprise now
  await desk.write('wecom-kf:n', '转人工')
  await desk.write('wecom-kf:n', '这一句给下一位同事')
  await desk.settle()
  expect((await desk.said('wecom:wang')).join('\n')).not.toContain('这一句给下一位同事')
  await desk.write('wecom-kf:n', '/close')
  await desk.settle()
})

test('given back at night, it is offered when somebody comes on duty, before the promise has slipped', async () => {
  let now = new Date('2026-11-26T14:00:00Z') // 22:00 in China
  const directChat = (person: Person) => (person.wecom === null ? null : `wecom:${person.wecom}`)
  const night = await openTestDesk({ desk: null, directChat, clock: () => now })
  try {
    const owl = await night.broker('夜班', { wecom: 'owl' })
    await night.broker('周工', { wecom: 'zhou', hours: '1-5 09:00-17:30' })
    await night.write('wecom-kf:night', '有没有夜视成果？')
    await night.settle()
    const id = (await night.view.queue(owl))[0]?.id ?? ''
    await night.write('wecom:owl', `T${id} /claim`, from('owl'))
    await night.settle()
    await night.write('wecom:owl', `T${id} /return 利益冲突`, from('owl'))
    await night.settle()
    expect((await night.said('wecom:zhou')).join()).not.toContain('新的转交')
    now = new Date('2026-11-27T01:00:00Z') // 09:00
    await night.settle()
    expect((await night.said('wecom:zhou')).join()).toContain(`新的转交 T${id}`)
  } finally {
    await night.close()
  }
})
