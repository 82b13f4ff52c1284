/** Who issued a document, and where it therefore applies. */
export type Issued = { readonly issuers: readonly string[]; readonly level: string | null; readonly regions: readonly string[] }

const body =
  '(?:人民政府(?:办公厅|办公室)?|管理委员会(?:办公室)?|管委会(?:办公室)?|人民代表大会(?:常务委员会)?|委员会(?:办公室)?|科学技术厅|科学技术局|科技局|科技厅|财政厅|财政局|税务局|发展和改革委员会|工业和信息化(?:厅|局)|人力资源和社会保障(?:厅|局)|市场监督管理局|知识产权局|教育(?:厅|局)|商务(?:厅|局)|卫生健康委员会|发展改革委|发改委|国资委|卫生健康委|卫健委|科委|工信委|经信委|生态环境(?:厅|局)|总局|办公厅|办公室|法院|检察院|国务院|部|厅|局|院|会|中心|指挥部|领导小组|有限公司|集团)'
const issuer = new RegExp(`^[\\p{Script=Han}、（）()·\\s]{2,40}?${body}$`, 'u')
const national =
  /国务院|全国人民代表大会|中共中央|中央|最高人民|国家[\p{Script=Han}]{1,12}(?:局|委|部|委员会)|^(?:科技|科学技术|财政|教育|商务|工业和信息化|人力资源和社会保障|生态环境|农业农村|交通运输|自然资源|公安|司法|民政|住房和城乡建设|水利|外交|国防|文化和旅游|退役军人事务|应急管理)部/u
const provinces =
  '北京市|天津市|上海市|重庆市|河北省|山西省|辽宁省|吉林省|黑龙江省|江苏省|浙江省|安徽省|福建省|江西省|山东省|河南省|湖北省|湖南省|广东省|海南省|四川省|贵州省|云南省|陕西省|甘肃省|青海省|台湾省|内蒙古自治区|广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区|香港特别行政区|澳门特别行政区'
const zone =
  '(?:国家级?)?(?:高新技术产业|高技术产业|新技术产业|经济技术|自由贸易|自主创新|综合|保税)?(?:新区|开发区|园区|科技园|高新区|经开区|示范区|试验区|保税区|产业园)'
const place = new RegExp(
  `(${provinces}|[\\p{Script=Han}]{2,4}省)?([\\p{Script=Han}]{2,6}?(?:自治州|地区|市(?![场民政容])|盟))?((?!国家)[\\p{Script=Han}]{2,8}?(?:自治县|${zone}|区|县|旗)|${zone})?`,
  'u',
)
/** 高新区 and the like: every city has one, so its name needs the city's. */
const anyZone = new RegExp(
  `^(?:[经高工产科]?[业新技]|经济技术|高新技术产业|农业科技|现代产业|工业|产业|科技)?(?:${zone}|区)$`,
  'u',
)

const mostIssuers = 8

/** Looks at the signature first, then at the red head and the title. @param stated the value in the page's own metadata; it wins */
export function issuedBy(lines: readonly string[], title: string, stated: string | null): Issued {
  const signed = stated === null ? signatures(lines) : stated.split(/[、,，;；\s]+/).filter(Boolean)
  const issuers = [...new Set(signed.length > 0 ? signed : heads(lines))].slice(0, mostIssuers)
  const names = issuers.length > 0 ? issuers : [title]
  if (names.some((name) => national.test(name)) || national.test(title.split('关于')[0] ?? ''))
    return { issuers, level: '国家', regions: [] }
  const region = names.map(regionOf).find((each) => each !== null) ?? regionOf(title)
  return { issuers, level: region === null ? null : levelOf(region), regions: region === null ? [] : [region] }
}

/** Names that stand alone on a line just before the date of the document. */
function signatures(lines: readonly string[]): string[] {
  const plain = lines.map(tight)
  const dateAt = plain.findLastIndex((line) =>
    /^[（(]?(?:[12]\d{3}|[一二][〇零○一二三四五六七八九]{3})年.{2,8}日[)）]?$/.test(line),
  )
  if (dateAt < 0) return []
  const found: string[] = []
  for (const line of lines.slice(Math.max(0, dateAt - 6), dateAt)) found.push(...signersOn(line))
  return found
}

/** Several bodies may sign on one line, which then holds only names. A row of a table or the end of a sentence may end with one. */
function signersOn(line: string): string[] {
  const apart = line.trim().split(/[\s\u3000]+/)
  const spaced = apart.length > 1 && apart.every((each) => each.length >= 4) ? apart : [tight(line)]
  const names = tight(line).length <= 80 ? spaced.flatMap((each) => each.split(/[、，]/)) : spaced
  return names.every((name) => issuer.test(name) && name.length <= 30) ? names : []
}

function tight(line: string): string {
  return line.replace(/[\s\u3000]+/g, '')
}

function heads(lines: readonly string[]): string[] {
  return lines
    .slice(0, 6)
    .map((line) => line.replace(/[\s\u3000]+/g, '').replace(/文件$/, ''))
    .filter((line) => issuer.test(line) && line.length <= 30)
}

/** @returns the most local place a name begins with, as written, or null */
export function regionOf(name: string): string | null {
  const [, province, city, own] =
    place.exec(
      name.replace(/^(?:中共|中国共产党|中华人民共和国|中国(?=[（(]))/, '').replace(/^[（(](\p{Script=Han}+)[）)]/u, '$1'),
    ) ?? []
  const above = city ?? province
  if (own === undefined || above === undefined || !anyZone.test(own)) return own ?? above ?? null
  return `${above.replace(/(?:特别行政区|自治区|自治州|地区|省|市)$/u, '')}${own}`
}

function levelOf(region: string): string {
  if (/(?:园区|科技园|开发区|高新区|产业园|示范区)$/.test(region)) return '园区'
  if (/(?:省|自治区|特别行政区)$/.test(region) || /^(?:北京|天津|上海|重庆)市$/.test(region)) return '省'
  return /(?:市|州|盟|地区)$/.test(region) ? '市' : '区县'
}
