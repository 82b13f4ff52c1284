import { normalize } from '../../retrieval/text/normalize.ts'

const provinces =
  '北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门'
const province = new RegExp(`(?:${provinces})(?=省|市|自治区|壮族|回族|维吾尔|特别行政区)|^(?:${provinces})`, 'gu')
const place =
  /([\p{Script=Han}]{2,4}?(?:省|自治区|自治州|市|区|县))(?![里外]|域|别|块|间|分|政|级|长|场|内|委|属|民|直|财|教|应|工|人|级)/gu
/** Words that end like a place name but are none. */
const general =
  /(?:[和与及跟或的了对给由从比]|我|本|全|各|该|某|外|跨|出|入|到|在|两|多|赴|省|市|区|县|自治)(?:省|市|区|县)$|^.?(?:城市|超市|上市|开市|都市|门市|夜市|股市|园区|社区|地区|景区|校区|辖区|片区|新区|小区|厂区|库区|灾区|疫区|山区|街区|病区|城区|郊区|市区|示范区|开发区|高新区|保税区|试验区|自贸区)$|(?:园|社|地|景|校|辖|片|新|小|厂|库|灾|疫|山|街|病|城|郊|示范|开发|高新|保税|试验|自贸|功能|工业|产业)区$|(?:城|超|上|都|门|期间|促进|培育|扩大|稳定)市$/u

/** @returns the places a text names, without their rank (江苏省 → 江苏), longest guess first; “我市” and “园区” name none */
export function placesIn(text: string): string[] {
  const plain = normalize(text)
  const named = [...plain.matchAll(place)].map((match) => match[1] ?? '').filter((name) => !general.test(name))
  return [...new Set(named.map((name) => name.replace(/(?:省|自治区|自治州|市|区|县)$/u, '')))]
}

/** The first characters of a name may belong to the word before it (办广东省 → 广东), so a name also matches with up to two of them dropped. */
export function speaksOf(plain: string, name: string): boolean {
  const characters = [...name]
  return [0, 1, 2].some((skip) => characters.length - skip >= 2 && plain.includes(characters.slice(skip).join('')))
}

/** @returns the provinces that a text names, in full or as the beginning of a name */
export function provincesIn(text: string): string[] {
  return [...new Set([...normalize(text).matchAll(province)].map((match) => match[0]))]
}

/** A document says whom it is for in its title and first characters. */
const head = 300

/**
 * Pure: whether a question names a place that the document is not for. A document without a place of its own is national, or its text must say
 * otherwise: only a text that begins with another province and never mentions the asked place is surely about something else.
 */
export function elsewhere(question: string, own: readonly string[], source: string): boolean {
  const asked = placesIn(question)
  if (asked.length === 0 || asked.some((name) => speaksOf(source, name))) return false
  if (own.length > 0) return !asked.some((name) => own.some((each) => speaksOf(each, name)))
  const provinces = provincesIn(question)
  return provinces.length > 0 && !provinces.some((name) => source.includes(name)) && provincesIn(source.slice(0, head)).length > 0
}

const levels: readonly (readonly [RegExp, RegExp])[] = [
  [/省级|全省|省里|省上/, /省/],
  [/国家级|全国|国家层面|国家对|中央/, /国家|国际|全国|中央|部委/],
]

/**
 * Pure: whether a question asks what a higher level does (省级创新券额度) and a document of a city or zone does not speak of that level.
 * @param own places the document is for
 */
export function otherLevel(question: string, source: string, own: readonly string[]): boolean {
  if (own.length === 0 || own.some((each) => /(?:省|自治区)$/.test(each) || provincesIn(each).length > 0)) return false
  const [asked, said] = [normalize(question), normalize(source)]
  return levels.some(([level, spoken]) => level.test(asked) && !spoken.test(said))
}
