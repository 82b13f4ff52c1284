import { fail, parsed, usage } from '../../retrieval/base/command.ts'
import { AppError } from '../../retrieval/base/errors.ts'
import { silentLog } from '../../retrieval/base/log.ts'
import { placeOf } from '../../retrieval/settings.ts'
import { openDatabase } from '../../retrieval/store/database.ts'
import { deskLinks, type LinkMaker } from '../desk/links.ts'
import { parseHours } from '../handoff/duty/duty.ts'
import { type NewPerson, type People, type Person, people, type Role, roles } from '../handoff/people.ts'
import { parkSettings, readEnv } from '../open.ts'
import { recordAudit } from '../records/audit.ts'

const how = `npm run people -- …
  add --role broker|lead|staff --name 王工          登记一个人 register somebody
      [--telegram ID] [--wecom USERID]              聊天账号；都不写就给出一次性邀请 without both: an invitation
      [--fields 新材料,环保] [--languages zh,en]    擅长的领域、语言 what they are asked for
      [--hours "1-5 09:00-17:30"] [--capacity 5]    值班时间（不写为全天）、同时办理的上限 duty, cases at once
      [--conflicts 企业名,…]                        回避的企业 enterprises they may not serve
  list                                              名单和编号 who there is, by number
  link ID                                           工作台的一次性登录链接 a sign-in link, once
  duty ID on|off                                    在岗、离岗
  remove ID                                         移除`
const options = {
  role: { type: 'string' },
  name: { type: 'string' },
  telegram: { type: 'string' },
  wecom: { type: 'string' },
  fields: { type: 'string' },
  hours: { type: 'string' },
  capacity: { type: 'string' },
  languages: { type: 'string' },
  conflicts: { type: 'string' },
  json: { type: 'boolean' },
} as const

const linkHours = 24
const commands = ['add', 'list', 'link', 'duty', 'remove'] as const

type Values = { [Name in keyof typeof options]?: string | boolean | undefined }

async function run(): Promise<void> {
  const { values, positionals } = parsed({ options, allowPositionals: true }, how)
  const { command, id, duty } = wantedOf(positionals)
  const wanted = command === 'add' ? newPerson(values) : null
  const settings = parkSettings(readEnv())
  const database = await openDatabase({
    ...placeOf(settings),
    holder: 'npm run people',
    exclusive: false,
    log: silentLog,
  })
  try {
    const book = people(database.pool)
    const links = deskLinks({ pool: database.pool, people: book, settings, url: () => null })
    const linkFor: LinkMaker = async (person, minutes) => {
      await recordAudit(database.pool, { actor: 'operator', action: 'desk_link_made', about: `person:${person}` })
      return links.linkFor(person, minutes)
    }
    if (wanted !== null) await add(book, linkFor, wanted, values.json === true)
    else if (command === 'link') await link(book, linkFor, id, values.json === true)
    else if (command === 'list') print(await book.list(), values.json === true)
    else if (command === 'duty')
      print([await book.setPresent(id, duty === 'on', 'operator')], values.json === true, '已更新 updated')
    else print([await book.remove(id, 'operator')], values.json === true, '已移除 removed')
  } finally {
    await database.close()
  }
}

function wantedOf([word, id, duty]: readonly string[]): { command: (typeof commands)[number]; id: string; duty: string } {
  const command = commands.find((each) => each === word)
  if (command === undefined) throw usage(`要写做什么：${commands.join('、')} · People needs ${commands.join(', ')}.`, how)
  if (command !== 'add' && command !== 'list' && id === undefined)
    throw usage(`${command} 后面要写人员编号 · ${command} needs the number of a person.`, how)
  if (command === 'duty' && duty !== 'on' && duty !== 'off')
    throw usage('duty 后面写 on（在岗）或 off（离岗） · duty is on or off.', how)
  return { command, id: id ?? '', duty: duty ?? '' }
}

function newPerson(values: Values): NewPerson {
  const text = (name: keyof typeof options) =>
    typeof values[name] === 'string' && values[name].trim() !== '' ? values[name].trim() : null
  const role = roles.find((each): each is Role => each === text('role'))
  const name = text('name')
  if (role === undefined) throw usage(`--role 只能是 ${roles.join('、')} · --role is one of ${roles.join(', ')}.`, how)
  if (name === null) throw usage('缺少 --name（姓名） · --name is missing.', how)
  const telegram = text('telegram')
  if (telegram !== null && !/^\d{1,18}$/.test(telegram))
    throw usage('--telegram 是这个人的数字编号，不是用户名 · --telegram is the numeric id of a person, not a name.', how)
  const capacity = Number(text('capacity') ?? 5)
  if (!Number.isInteger(capacity) || capacity < 1)
    throw usage('--capacity 是从 1 起的整数 · --capacity is a whole number from 1.', how)
  const hours = text('hours')
  if (hours !== null && !areHours(hours))
    throw usage(`--hours：“${hours}”不是值班时间，例如 "1-5 09:00-17:30" · “${hours}” is not a duty time.`, how)
  const list = (name: keyof typeof options) =>
    (text(name) ?? '')
      .split(/[,，、]/)
      .map((each) => each.trim())
      .filter(Boolean)
  const languages = list('languages')
  if (languages.some((each) => each !== 'zh' && each !== 'en'))
    throw usage('--languages 只能是 zh、en · --languages are zh and en.', how)
  return {
    ...{ role, name, telegram, wecom: text('wecom'), fields: list('fields'), hours, capacity },
    ...{ languages, conflicts: list('conflicts'), demo: false },
  }
}

function areHours(text: string): boolean {
  try {
    return parseHours(text).length > 0
  } catch {
    return false
  }
}

/** A person without a platform account gets a link that binds the account which opens it. */
async function add(book: People, linkFor: LinkMaker, wanted: NewPerson, json: boolean): Promise<void> {
  const namesakes = (await book.list()).filter(({ name }) => name === wanted.name).map(({ id }) => id)
  const person = await book.add(wanted, 'operator')
  const desk = await linkFor(person.id, linkHours * 60)
  const token = person.telegram === null && person.wecom === null ? await book.invite(person.id) : null
  const invitation = token === null ? null : `/start inv_${token}`
  if (json) process.stdout.write(`${JSON.stringify({ ...person, invitation, desk })}\n`)
  else {
    print([person], false, '已登记 registered')
    if (namesakes.length > 0)
      process.stderr.write(
        `还有同名的人（编号 ${namesakes.join('、')}）；若是同一人，请 npm run people -- remove ${person.id}。There is somebody of that name already.\n`,
      )
    printLink(desk)
    if (invitation !== null)
      process.stdout.write(
        `一次性邀请（72 小时内有效）：请本人在企业微信应用、智能机器人或 Telegram 里私聊机器人，发送 ${invitation}；Telegram 也可以打开 https://t.me/<机器人名>?start=inv_${token}\n`,
      )
  }
}

/** A fresh link to the web desk for a registered person. */
async function link(book: People, linkFor: LinkMaker, id: string, json: boolean): Promise<void> {
  const person = await book.byId(id)
  if (person === null)
    throw new AppError('unknown_person', `Nobody is registered under ${id}`, {
      hint: 'npm run people -- list shows the numbers.',
    })
  const desk = await linkFor(person.id, linkHours * 60)
  if (json) process.stdout.write(`${JSON.stringify({ id: person.id, desk })}\n`)
  else printLink(desk)
}

function printLink(desk: string): void {
  process.stdout.write(`工作台登录链接（一次性，${linkHours} 小时内有效，请只交给本人）：${desk}\n`)
}

function print(list: readonly Person[], json: boolean, title?: string): void {
  if (json) {
    for (const person of list) process.stdout.write(`${JSON.stringify(person)}\n`)
    return
  }
  if (title !== undefined) process.stdout.write(`${title}\n`)
  if (list.length === 0) process.stdout.write('没有登记的人员。npm run people -- add 可以登记。\n')
  for (const person of list) process.stdout.write(`${lineOf(person)}\n`)
}

function lineOf({ id, role, name, telegram, wecom, fields, hours, capacity, present, languages, conflicts }: Person): string {
  const accounts = [telegram === null ? '' : `telegram ${telegram}`, wecom === null ? '' : `wecom ${wecom}`]
  return [
    ...[id, role, name, accounts.filter(Boolean).join('，') || '未绑定账号'],
    ...[`领域 ${fields.join('、') || '—'}`, `时间 ${hours ?? '全天'}`, `上限 ${capacity}`],
    ...(present ? [] : ['已离线 off duty']),
    ...(languages.length === 0 ? [] : [`语言 ${languages.join('、')}`]),
    ...(conflicts.length === 0 ? [] : [`回避 ${conflicts.join('、')}`]),
  ].join('  ')
}

await run().then(() => process.exit(0), fail)
