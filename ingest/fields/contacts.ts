/** Whom to ask about what; `phrase` is the document's wording. */
export type Contact = {
  readonly purpose: string | null
  readonly name: string | null
  readonly phone: string | null
  readonly email: string | null
  readonly phrase: string
}

const phone =
  /(?<!\d)(?:0\d{2,3}\s*[-—－]\s*\d{7,8}(?:\s*[-转]\s*\d{1,5})?|\(?0\d{2,3}\)?\s*\d{7,8}|1[3-9]\d{9}|[2-9]\d{6,7}|12\d{3}|400-?\d{3}-?\d{4})(?!\d)/g
const email = /[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{2,20}){1,3}/
const purposes =
  /(申报受理|业务咨询|政策咨询|系统技术支持|技术支持|系统支持|政策解释|受理|咨询|举报|投诉|监督|报名|联系人?|办理)(?:电话|方式|热线)?/
const most = 30

/** @returns contacts in the order of the text, each under the purpose named closest before it */
export function contactsIn(lines: readonly string[]): Contact[] {
  const found: Contact[] = []
  let heading: string | null = null
  for (const line of lines) {
    const text = line.normalize('NFKC')
    const purpose = purposes.exec(text)?.[1] ?? null
    if (purpose !== null && text.length <= 20 && text.search(phone) < 0) heading = purpose
    if (found.length >= most || !/电话|热线|联系|咨询|邮箱|举报|投诉/.test(text + (heading ?? ''))) continue
    for (const part of text.split(/[;；。\n]/)) found.push(...inPart(part, heading))
    if (purpose === null && text.search(phone) < 0) heading = null
  }
  return found.slice(0, most)
}

function inPart(part: string, heading: string | null): Contact[] {
  const phones = [...part.matchAll(phone)].map((match) => match[0].replace(/\s+/g, ''))
  const mail = email.exec(part)?.[0] ?? null
  if ((phones.length === 0 && mail === null) || !/电话|热线|联系|咨询|邮箱|举报|投诉|[:：]/.test(part)) return []
  const purpose = purposes.exec(part)?.[1] ?? heading
  const name = /(?:联系人|经办人)\s*[:：]?\s*([\p{Script=Han}]{2,4})(?![\p{Script=Han}])/u.exec(part)?.[1] ?? null
  const phrase = part.trim().slice(0, 120)
  return phones.length === 0
    ? [{ purpose, name, phone: null, email: mail, phrase }]
    : phones.map((each) => ({ purpose, name, phone: each, email: mail, phrase }))
}
